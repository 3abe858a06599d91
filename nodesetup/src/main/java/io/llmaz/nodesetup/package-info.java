/**
 * What runs once on each node: {@code hosts.toml} files that send containerd's pulls to the node's
 * Dragonfly daemon, with the registry itself behind it. {@code Main} wires; {@code
 * ContainerdConfig} says where containerd looks; {@code HostsFolder} writes and restores; {@code
 * Registry} is one line of configuration and its file.
 */
@NullMarked
package io.llmaz.nodesetup;

import org.jspecify.annotations.NullMarked;
