package io.llmaz.operator.nodes;

import io.llmaz.dragonfly.NodeEngine;
import io.llmaz.dragonfly.TaskKeys;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What all prefetches share.
 *
 * @param nodes of the cluster
 * @param engine of now; another one after the configuration changed
 * @param keys how tasks are named now, as seeds name them
 * @param uploadPort where every node's daemon answers
 * @param looks how many nodes are looked at at once
 * @param files how many files are on their way into nodes at once
 */
record PrefetchMeans(
    ClusterNodes nodes,
    Supplier<NodeEngine> engine,
    Supplier<TaskKeys> keys,
    IntSupplier uploadPort,
    Semaphore looks,
    Semaphore files,
    InstantSource clock,
    RandomGenerator random) {}
