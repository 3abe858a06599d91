package io.llmaz.source;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which files of a repository are wanted, with the semantics of huggingface_hub's {@code
 * filter_repo_objects}: Python's fnmatch, where {@code *} also crosses {@code /}, and a pattern
 * that ends in {@code /} means everything below. A file is wanted if it matches one of the allowed
 * patterns (when there are any) and none of the ignored.
 */
public final class FilePatterns {
  private final List<Pattern> allowed;
  private final List<Pattern> ignored;

  public FilePatterns(List<String> allowed, List<String> ignored) {
    this.allowed = allowed.stream().map(FilePatterns::compile).toList();
    this.ignored = ignored.stream().map(FilePatterns::compile).toList();
  }

  /** Whether a file is wanted. */
  public boolean wants(String path) {
    return (allowed.isEmpty() || matches(allowed, path)) && !matches(ignored, path);
  }

  private static boolean matches(List<Pattern> patterns, String path) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
  }

  private static Pattern compile(String glob) {
    String whole = glob.endsWith("/") ? glob + "*" : glob;
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        case '[' -> {
          int close = closingBracket(whole, i);
          if (close < 0) {
            regex.append("\\["); // fnmatch takes an open bracket without end as itself
          } else {
            regex.append(characterClass(whole.substring(i + 1, close)));
            i = close;
          }
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  private static int closingBracket(String glob, int open) {
    int from = open + 1;
    if (from < glob.length() && glob.charAt(from) == '!') {
      from++;
    }
    if (from < glob.length() && glob.charAt(from) == ']') {
      from++; // A bracket right after the opening one stands for itself.
    }
    return glob.indexOf(']', from);
  }

  private static String characterClass(String inside) {
    boolean negated = inside.startsWith("!");
    String members = negated ? inside.substring(1) : inside;
    StringBuilder regex = new StringBuilder(negated ? "[^" : "[");
    for (int i = 0; i < members.length(); i++) {
      char c = members.charAt(i);
      boolean range = i + 2 < members.length() && members.charAt(i + 1) == '-';
      if (range && members.charAt(i + 2) < c) {
        i += 2; // fnmatch drops a range that runs backwards
        continue;
      }
      regex.append(escape(c));
      if (range) {
        regex.append('-').append(escape(members.charAt(i + 2)));
        i += 2;
      }
    }
    return regex.length() == (negated ? 2 : 1)
        ? (negated ? "." : "(?!)")
        : regex.append(']').toString();
  }

  private static String escape(char c) {
    return Character.isLetterOrDigit(c) ? String.valueOf(c) : "\\" + c;
  }
}
