package io.llmaz.local.cluster;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code $(NAME)} in commands, arguments and variables, as Kubernetes expands it: what is not known
 * stays as it is, {@code $$} is a dollar sign that begins no reference.
 */
final class VariableExpansion {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([^()]*)\\)");

  private VariableExpansion() {}

  static String expand(String text, Map<String, String> variables) {
    return REFERENCE
        .matcher(text)
        .replaceAll(match -> {
          String name = match.group(1);
          String value = name == null ? "$" : variables.get(name);
          return Matcher.quoteReplacement(value == null ? match.group() : value);
        });
  }
}
