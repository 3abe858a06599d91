package io.llmaz.cli.dfget;

/**
 * A file that is wanted of a folder.
 *
 * @param name below the folder, with slashes
 * @param url of the file itself
 */
record FolderFile(String name, String url) {}
