package org.llavacluster.clustertest.client;

/** What came of the answers. Failed and changed ones are printed as they come. */
final class LoadTally {

    private long answers;
    private long failed;
    private long changed;
    private long longestFirst;
    private long longestPause;

    /** @param undisturbed the text that the answer must have */
    synchronized void count(String question, LoadAnswer answer, String undisturbed) {
        answers++;
        longestFirst = Math.max(longestFirst, answer.firstMillis());
        longestPause = Math.max(longestPause, answer.pauseMillis());
        if (!answer.fault().isEmpty()) {
            failed++;
            System.out.println("FAILED " + question + " " + answer.fault());
        } else if (!answer.text().equals(undisturbed)) {
            changed++;
            System.out.println("CHANGED " + question + " at character " + firstDifference(answer.text(), undisturbed)
                    + " of " + undisturbed.length());
        }
    }

    private static int firstDifference(String left, String right) {
        int at = 0;
        while (at < Math.min(left.length(), right.length()) && left.charAt(at) == right.charAt(at)) {
            at++;
        }
        return at;
    }

    @Override
    public synchronized String toString() {
        return "answers=" + answers + " failed=" + failed + " changed=" + changed + " longestFirstMillis="
                + longestFirst + " longestPauseMillis=" + longestPause;
    }
}
