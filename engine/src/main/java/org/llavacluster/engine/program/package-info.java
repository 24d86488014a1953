/**
 * The tensor operations that models are written in, and programs traced from them. Start at {@code Op} and {@code
 * ProgramBuilder}.
 */
package org.llavacluster.engine.program;
