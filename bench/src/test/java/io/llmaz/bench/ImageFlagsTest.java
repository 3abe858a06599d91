package io.llmaz.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.local.stack.JavaProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Figures are of the JVMs that the images have. */
class ImageFlagsTest {
  private static final Pattern FLAGS = Pattern.compile("(?m)^flags (\\w+) (.*)$");

  @TestFactory
  Stream<DynamicTest> flags_measured_areThoseOfTheImage() throws Exception {
    Map<String, List<String>> measured =
        Map.of(
            "operator", OperatorProgram.FLAGS,
            "gateway", GatewayProgram.FLAGS,
            "scheduler", SchedulerProgram.FLAGS);
    List<DynamicTest> tests = new ArrayList<>();
    Matcher images = FLAGS.matcher(build());
    while (images.find()) {
      String module = images.group(1);
      List<String> flags =
          Stream.of(images.group(2).split(" ")).filter(word -> word.startsWith("-")).toList();
      if (measured.containsKey(module)) {
        tests.add(
            DynamicTest.dynamicTest(
                module,
                () -> assertThat(measured.get(module)).containsExactlyInAnyOrderElementsOf(flags)));
      }
    }
    assertThat(tests).hasSameSizeAs(measured.keySet());
    return tests.stream();
  }

  @Test
  void loaderTuning_isThatOfTheImage() throws Exception {
    assertThat(build()).contains(JavaProgram.loaderTuning());
  }

  private static String build() throws Exception {
    return Files.readString(Path.of("../images/build"));
  }
}
