/**
 * What a cluster does with a Deployment, on one machine: controllers, a scheduler, and nodes that
 * run a pod's containers as processes.
 *
 * <p>Works over any API server. The controllers read the server, not a cache, at each step: watches
 * only say when to look. So nothing is done twice for being seen late, which at this size is worth
 * more than the reads it costs.
 *
 * <p>A process has no mount and no network namespace of its own. {@code HostView} therefore
 * rewrites what a container would see: a path below a mount to the pod's folder on this machine,
 * and the address {@code 0.0.0.0} to the pod's own loopback address, so that every pod keeps its
 * port.
 */
@NullMarked
package io.llmaz.local.cluster;

import org.jspecify.annotations.NullMarked;
