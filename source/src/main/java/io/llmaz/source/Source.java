package io.llmaz.source;

import java.io.InputStream;

/**
 * A repository of a hub or an image of a registry. Methods block and may be called by many threads,
 * virtual ones best.
 */
public interface Source {

  /**
   * Asks which files there are now.
   *
   * @throws SourceException of every kind
   */
  Manifest resolve();

  /**
   * Opens a part of a file of a manifest that this source resolved. The stream gives exactly the
   * range; a connection that breaks is taken up again where it broke.
   *
   * @param revision of the manifest
   * @throws SourceException when the source does not give it; reading may throw an {@link
   *     java.io.IOException} whose cause is one
   */
  InputStream open(String revision, ManifestFile file, ByteRange range);
}
