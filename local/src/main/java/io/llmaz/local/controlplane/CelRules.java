package io.llmaz.local.controlplane;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Evaluates CEL rules over JSON values, with the standard macros and the string extension, which
 * are what our CRDs and policies use of Kubernetes' libraries. Programs are compiled once. Safe for
 * many threads.
 */
final class CelRules {
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder().addLibraries(CelExtensions.strings()).build();

  private final CelCompiler compiler;
  private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();

  /** Rules over some variables, all of any type. */
  CelRules(String... variables) {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.strings());
    for (String variable : variables) {
      builder.addVar(variable, SimpleType.DYN);
    }
    this.compiler = builder.build();
  }

  /**
   * Evaluates an expression.
   *
   * @throws ApiException 400 when it does not compile, 422 when it fails on these values
   */
  Object evaluate(String expression, Map<String, Object> variables) {
    try {
      return programs.computeIfAbsent(expression, this::compile).eval(variables);
    } catch (CelEvaluationException e) {
      throw new ApiException(
          422, "Invalid", "rule \"" + expression + "\" cannot be evaluated: " + e.getMessage());
    }
  }

  private CelRuntime.Program compile(String expression) {
    try {
      return RUNTIME.createProgram(compiler.compile(expression).getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw ApiException.badRequest(
          "rule \"" + expression + "\" does not compile: " + e.getMessage());
    }
  }
}
