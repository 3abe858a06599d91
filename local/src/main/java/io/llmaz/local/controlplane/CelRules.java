package io.llmaz.local.controlplane;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Evaluates CEL rules over JSON values, with the standard macros, the string extension and, of
 * Kubernetes' own libraries, comparable quantities, which is what our CRDs and policies use.
 * Programs are compiled once. Safe for many threads.
 */
final class CelRules {
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder()
          .addLibraries(CelExtensions.strings())
          .addFunctionBindings(
              CelFunctionBinding.from("string_to_quantity", String.class, CelRules::quantity),
              CelFunctionBinding.from(
                  "quantity_compare_to",
                  BigDecimal.class,
                  BigDecimal.class,
                  (one, other) -> (long) one.compareTo(other)))
          .build();

  private final CelCompiler compiler;
  private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();

  /** Rules over some variables, all of any type. */
  CelRules(String... variables) {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.strings())
            .addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(
                    "quantity",
                    CelOverloadDecl.newGlobalOverload(
                        "string_to_quantity", SimpleType.DYN, SimpleType.STRING)),
                CelFunctionDecl.newFunctionDeclaration(
                    "compareTo",
                    CelOverloadDecl.newMemberOverload(
                        "quantity_compare_to", SimpleType.INT, SimpleType.DYN, SimpleType.DYN)));
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
    CelRuntime.Program program = programs.get(expression);
    if (program == null) {
      program = compile(expression);
      programs.put(expression, program);
    }
    try {
      return program.eval(variables);
    } catch (CelEvaluationException e) {
      throw new ApiException(
          422, "Invalid", "expression '" + expression + "' resulted in error: " + e.getMessage());
    }
  }

  private static BigDecimal quantity(String text) {
    return new Quantity(text).getNumericalAmount();
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
