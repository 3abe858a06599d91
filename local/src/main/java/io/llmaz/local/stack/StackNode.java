package io.llmaz.local.stack;

import io.llmaz.local.engine.EngineNode;
import java.util.Optional;

/**
 * A node of a stack.
 *
 * @param name of the Node object
 * @param daemon empty without P2P
 */
public record StackNode(String name, Optional<EngineNode> daemon) {}
