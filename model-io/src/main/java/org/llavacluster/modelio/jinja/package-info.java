/**
 * Chat templates in the Jinja language, rendered as Python's jinja2 renders them in the environment of transformers.
 * Start at {@link org.llavacluster.modelio.jinja.JinjaTemplate}.
 *
 * <p>A source becomes tokens ({@code Lexer}), a syntax tree ({@code Parser}, {@code Syntax}) and then code with every
 * variable resolved to a slot ({@code Compiler}, {@code Symbols}). Values are Java objects: {@code None}, {@code
 * Boolean}, {@code BigInteger}, {@code Double}, {@code Rope} for strings, and the classes whose name ends in {@code
 * Value}. Their operations are in {@code Operators}, {@code Access}, the methods, the filters and the tests.
 *
 * <p>Strings are {@link org.llavacluster.modelio.jinja.Rope}s, which record for each character whether it comes from a
 * user, through all operations of a template.
 */
package org.llavacluster.modelio.jinja;
