package io.llmaz.local.controlplane;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What objects may be called (source: kubernetes.io, "Object Names and IDs"). */
final class Names {
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int LONGEST = 253;
  // Their names are paths or hold colons, as in system:node.
  private static final Set<String> FREE =
      Set.of("roles", "clusterroles", "rolebindings", "clusterrolebindings");

  private Names() {}

  static void check(ResourceType type, String name) {
    if (FREE.contains(type.plural())) {
      return;
    }
    if (name.length() > LONGEST || !SUBDOMAIN.matcher(name).matches()) {
      throw ApiException.invalid(
          type,
          name,
          List.of(
              new ApiException.Cause(
                  "FieldValueInvalid",
                  "metadata.name",
                  "Invalid value: \""
                      + name
                      + "\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                      + " characters, '-' or '.', and must start and end with an alphanumeric"
                      + " character (e.g. 'example.com', regex used for validation is '"
                      + SUBDOMAIN.pattern()
                      + "')")));
    }
  }
}
