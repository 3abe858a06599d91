/**
 * The API of llmaz and ours beside it. The YAML under {@code crds/} is the source of truth; the
 * records of the packages below read and write the same shapes.
 */
@NullMarked
package io.llmaz.api;

import org.jspecify.annotations.NullMarked;
