package io.llmaz.local.hub;

import java.nio.file.Path;

/**
 * Bytes that can be asked for in ranges.
 *
 * @param file where they are
 * @param size in bytes
 * @param sha256 their digest in hex
 */
record Content(Path file, long size, String sha256) {}
