/** Evaluations of a served model: questions to a gateway, and reports of the answers. Start at {@code ExamRun}. */
package org.llavacluster.cli.evaluation;
