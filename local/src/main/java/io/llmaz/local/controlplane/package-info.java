/**
 * The embedded control plane: a Kubernetes API server for one machine and for tests, which kubectl
 * and the operator use unchanged.
 *
 * <ul>
 *   <li>{@code ResourceTypes} knows the kinds, built in and from CRDs.
 *   <li>{@code ResourceStore} keeps the objects and tells watchers; {@code Journal} keeps them on
 *       disk.
 *   <li>{@code ObjectApi} is what may be done with an object: create, update, patch, apply, delete.
 *   <li>{@code Schema} defaults, prunes and validates; {@code CelRules} evaluates rules; {@code
 *       ServerSideApply}, {@code Comparison} and {@code FieldSet} own fields; {@code
 *       BuiltInDefaults} and {@code BuiltInRules} are the schemas of built-in kinds, as far as we
 *       write them; {@code AdmissionPolicies} have the last word.
 *   <li>{@code Preconditions} are what has to hold of the live object before that.
 *   <li>{@code ApiServer} is HTTP around all that; {@code Discovery}, {@code OpenApi} and {@code
 *       Tables} are what kubectl wants besides.
 *   <li>{@code Tokens}, {@code Rbac} and {@code Reviews} are authentication and authorisation.
 * </ul>
 */
@NullMarked
package io.llmaz.local.controlplane;

import org.jspecify.annotations.NullMarked;
