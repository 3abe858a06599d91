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
    if (!fits(type, name)) {
      throw invalid(type, name, "name", name);
    }
  }

  /** What a name begins with that the server ends; only a dash may be its last character too. */
  static void checkPrefix(ResourceType type, String name, String prefix) {
    if (!fits(type, prefix.endsWith("-") ? prefix + "a" : prefix)) {
      throw invalid(type, name, "generateName", prefix);
    }
  }

  private static boolean fits(ResourceType type, String name) {
    return FREE.contains(type.plural())
        || (name.length() <= LONGEST && SUBDOMAIN.matcher(name).matches());
  }

  private static ApiException invalid(ResourceType type, String name, String field, String value) {
    return ApiException.invalid(
        type,
        name,
        List.of(
            new ApiException.Cause(
                "FieldValueInvalid",
                "metadata." + field,
                "Invalid value: \""
                    + value
                    + "\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                    + " characters, '-' or '.', and must start and end with an alphanumeric"
                    + " character (e.g. 'example.com', regex used for validation is '"
                    + SUBDOMAIN.pattern()
                    + "')")));
  }
}
