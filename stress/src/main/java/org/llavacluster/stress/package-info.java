/**
 * What the profiles {@code stress} and {@code random-order} add to the test runs of all modules: a random order with a
 * printed seed, a choice of the tests that involve threads, processes or sockets, busy cores, and a scheduler that
 * treats threads unfairly. Start at {@code StressSession}. JUnit finds these classes as services on the class path of
 * the tests.
 */
package org.llavacluster.stress;
