package org.llavacluster.gateway.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.llavacluster.gateway.admission.Admission;

/**
 * Which choices of a request run. They run concurrently as far as places are free, otherwise one after the other, so no
 * request waits for a place while it holds one. Used on the request's thread only.
 */
final class ChoicePlaces implements AutoCloseable {

    private final List<ChoiceCall> choices;
    private final Admission admission;

    /** Choices that have not started. */
    private final Deque<ChoiceCall> unstarted;

    /** Places besides the request's own, one for each further running choice. */
    private final Deque<Admission.Ticket> places = new ArrayDeque<>();

    /** Number of complete choices when the decoder's queue was full: no further choice starts before it changes. */
    private long crowdedAt = -1;

    ChoicePlaces(List<ChoiceCall> choices, Admission admission) {
        this.choices = choices;
        this.admission = admission;
        this.unstarted = new ArrayDeque<>(choices);
    }

    /** Choice 0, which has the request's own place. */
    ChoiceCall first() {
        return unstarted.remove();
    }

    /** A further choice that may start now. If there is none, places that no choice needs are freed. */
    Optional<ChoiceCall> next() {
        if (!unstarted.isEmpty() && crowdedAt != whole() && (running() <= places.size() || addPlace())) {
            return Optional.of(unstarted.remove());
        }
        while (!places.isEmpty() && running() <= places.size()) {
            places.remove().close();
        }
        return Optional.empty();
    }

    /**
     * The decoder had no place for a further choice. Returns whether to try again without waiting for the end of
     * another choice.
     */
    boolean later(ChoiceCall choice) {
        unstarted.addFirst(choice);
        boolean alone = running() == 0;
        crowdedAt = alone ? -1 : whole();
        return alone;
    }

    boolean allEnded() {
        return unstarted.isEmpty() && running() == 0;
    }

    private long whole() {
        return choices.stream().filter(choice -> choice.finished().isPresent()).count();
    }

    private int running() {
        return (int) choices.stream().filter(ChoiceCall::isRunning).count();
    }

    private boolean addPlace() {
        Optional<Admission.Ticket> place = admission.enterAtOnce();
        place.ifPresent(places::add);
        return place.isPresent();
    }

    @Override
    public void close() {
        places.forEach(Admission.Ticket::close);
    }
}
