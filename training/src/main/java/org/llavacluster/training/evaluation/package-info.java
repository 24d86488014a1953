/**
 * Figures of published evaluations: answers of ScienceQA and scores of a judge, read as the published scripts read
 * them. Start at {@code ScienceQaAnswer} and {@code ReviewScores}.
 */
package org.llavacluster.training.evaluation;
