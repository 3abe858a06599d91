/**
 * model-loader: brings a model's files into a directory, whole and verified.
 *
 * <ul>
 *   <li>{@code Main} is the process, {@code LoaderSettings} its environment.
 *   <li>{@code ModelLoader} is the run: manifest, plan, files, marker.
 *   <li>{@code Way} is how bytes can come (the node's dfdaemon, the gateway, the hub), in order of
 *       preference; {@code FileLoad} brings one file by the first way that works.
 *   <li>{@code PartialFile} is a file that is not whole yet, and survives a kill.
 *   <li>{@code ModelDirectory} is the place: publishing, the completion marker, leftovers.
 * </ul>
 */
@NullMarked
package io.llmaz.loader;

import org.jspecify.annotations.NullMarked;
