/**
 * The properties of the four processes. Every {@code llava.*} property is declared once, in one of the groups that
 * {@link org.llavacluster.node.config.PropertyList} names; processes read it through
 * {@link org.llavacluster.node.config.Settings} with that declaration, and {@code docs/configuration.md} and
 * {@code docs/limits.md} are generated from it. Limits that no property changes are in
 * {@link org.llavacluster.node.config.FixedLimits}.
 */
package org.llavacluster.node.config;
