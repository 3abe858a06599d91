package io.llmaz.cli.demo;

/**
 * One thing the demo promises and what was seen of it.
 *
 * @param name what is promised
 * @param holds whether it was seen to be so
 * @param detail the figures behind the verdict
 */
record Claim(String name, boolean holds, String detail) {}
