package org.llavacluster.training.evaluation;

import java.util.Optional;

/** The two ways in which the LLaVA article (arXiv 2304.08485) joins its answers with those of GPT-4. */
public enum ScienceQaEnsemble {

    /** The other model's answer, or LLaVA's where the other gives none. */
    COMPLEMENT {
        @Override
        public ScienceQaAnswer answer(String other, String llava, Optional<String> second) {
            return ScienceQaAnswer.ofSentence(other).or(ScienceQaAnswer.ofSentence(llava));
        }
    },

    /** The other model's second answer, given both first ones; LLaVA's where it was not asked or gives none. */
    JUDGE {
        @Override
        public ScienceQaAnswer answer(String other, String llava, Optional<String> second) {
            ScienceQaAnswer own = ScienceQaAnswer.ofSentence(llava);
            return second.map(ScienceQaAnswer::ofSentence)
                    .map(answer -> answer.or(own))
                    .orElse(own);
        }
    };

    /**
     * The answer of the ensemble.
     *
     * @param other output of the other model
     * @param llava output of LLaVA
     * @param second the other model's output when asked again with both answers, which differed
     */
    public abstract ScienceQaAnswer answer(String other, String llava, Optional<String> second);
}
