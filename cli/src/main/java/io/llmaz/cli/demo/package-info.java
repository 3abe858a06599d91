/**
 * The demo: the stories of the proposal on one machine, and the report that says what was seen.
 * {@code DemoStory} is the script, {@code DemoResult} what it found, {@code DemoReport} how it is
 * told.
 */
@NullMarked
package io.llmaz.cli.demo;

import org.jspecify.annotations.NullMarked;
