package io.llmaz.operator.inference;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills {@code {{.Key}}} in recommended arguments. */
final class ArgumentTemplate {
  private static final Pattern KEY = Pattern.compile("\\{\\{\\s*\\.(\\w+)\\s*}}");

  private ArgumentTemplate() {}

  /**
   * The arguments with their values.
   *
   * @throws InvalidObjectException in llmaz's words, for a key without value
   */
  static List<String> render(List<String> arguments, Map<String, String> values) {
    return arguments.stream().map(argument -> render(argument, values)).toList();
  }

  private static String render(String argument, Map<String, String> values) {
    Matcher matcher = KEY.matcher(argument);
    StringBuilder rendered = new StringBuilder();
    while (matcher.find()) {
      String value = values.getOrDefault(matcher.group(1), "");
      if (value.isEmpty()) {
        throw new InvalidObjectException("missing flag or the flag has format error: " + argument);
      }
      matcher.appendReplacement(rendered, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(rendered).toString();
  }
}
