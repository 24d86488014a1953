/**
 * Chat templates in the Jinja language, rendered as Python's jinja2 renders them in the environment that transformers sets up.
 *
 * <p>{@link org.llavacluster.text.jinja.JinjaTemplate} is the entry. A source becomes tokens ({@code Lexer}), a syntax tree
 * ({@code Parser}, {@code Syntax}) and then code with every variable resolved to a slot ({@code Compiler}, {@code Scope}). Values are
 * Java objects: {@code None}, {@code Boolean}, {@code BigInteger}, {@code Double}, {@code Rope} for strings, and the classes whose name
 * ends in {@code Value}. What a template can do to them is in {@code Operators}, {@code Access}, the methods, the filters and the tests.
 *
 * <p>Strings are {@link org.llavacluster.text.jinja.Rope}s: they know of each character whether a person wrote it, whatever the
 * template did to them.
 */
package org.llavacluster.text.jinja;
