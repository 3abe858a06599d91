package io.llmaz.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A page of {@code ListObjectsV2}, read with a parser that follows no entity.
 *
 * @param next continuation token; empty at the last page
 */
record ObjectListing(List<Entry> entries, Optional<String> next) {

  /**
   * An object.
   *
   * @param etag without quotes: the md5 of the content when it was uploaded in one part
   */
  record Entry(String key, long size, String etag) {}

  /**
   * Reads a page.
   *
   * @throws IOException when it is not one
   */
  static ObjectListing read(InputStream xml) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setExpandEntityReferences(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      Document document = builder.parse(xml);
      if (!document.getDocumentElement().getTagName().equals("ListBucketResult")) {
        throw new IOException("not a listing: " + document.getDocumentElement().getTagName());
      }
      List<Entry> entries = new ArrayList<>();
      NodeList contents = document.getElementsByTagName("Contents");
      for (int i = 0; i < contents.getLength(); i++) {
        Element entry = (Element) contents.item(i);
        entries.add(
            new Entry(
                text(entry, "Key"),
                Long.parseLong(text(entry, "Size")),
                text(entry, "ETag").replace("\"", "")));
      }
      boolean more = text(document.getDocumentElement(), "IsTruncated").equals("true");
      String token = text(document.getDocumentElement(), "NextContinuationToken");
      if (more && token.isEmpty()) {
        throw new IOException("a listing that goes on without saying where");
      }
      return new ObjectListing(entries, more ? Optional.of(token) : Optional.empty());
    } catch (ParserConfigurationException | SAXException | NumberFormatException e) {
      throw new IOException("not a listing: " + e.getMessage(), e);
    }
  }

  private static String text(Element parent, String tag) {
    NodeList found = parent.getElementsByTagName(tag);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
  }
}
