package org.llavacluster.vision.encode;

import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One level of turns: lines that share the turns of their parent in proportion to the cost of what is taken from them
 * (start-time fair queueing; Goyal, Vin and Cheng, 1996). A line that was empty comes before all but the first waiting
 * item of another.
 */
final class TurnLevel<T> implements WaitingLine<T> {

    private static final Comparator<Branch<?>> ORDER =
            Comparator.<Branch<?>>comparingLong(branch -> branch.start).thenComparingLong(branch -> branch.arrival);

    /** Most branches that are remembered. Beyond it, empty ones are forgotten, with what they owe. */
    private static final int REMEMBERED = 4096;

    private final int levelsBelow;
    private final Map<String, Branch<T>> branches = new LinkedHashMap<>(16, 0.75f, true);
    /** Branches with items. */
    private final TreeSet<Branch<T>> waiting = new TreeSet<>(ORDER);
    /** Virtual time: a branch that was empty starts here. */
    private long now;

    private long arrivals;

    /** A line of this level. The order of {@link #waiting} depends on its start and arrival. */
    private static final class Branch<T> {

        private final WaitingLine<T> line;
        private long start;
        private long arrival;
        /** Where the turn after the last one taken starts. */
        private long end;

        private Branch(WaitingLine<T> line) {
            this.line = line;
        }
    }

    /**
     * @param levelsBelow levels between this one and the lines of requesters
     */
    TurnLevel(int levelsBelow) {
        this.levelsBelow = levelsBelow;
    }

    @Override
    public void add(List<String> path, Place<T> place) {
        Branch<T> branch = branches.computeIfAbsent(path.getFirst(), _ -> new Branch<>(line()));
        boolean wasEmpty = branch.line.isEmpty();
        branch.line.add(path.subList(1, path.size()), place);
        if (wasEmpty) {
            branch.start = Math.max(now, branch.end);
            branch.arrival = arrivals++;
            waiting.add(branch);
        }
        forget();
    }

    private WaitingLine<T> line() {
        return levelsBelow == 0 ? new RequesterLine<>() : new TurnLevel<>(levelsBelow - 1);
    }

    /** Forgets the branch unused for longest that is empty. */
    private void forget() {
        if (branches.size() <= REMEMBERED) {
            return;
        }
        Iterator<Branch<T>> oldest = branches.values().iterator();
        while (oldest.hasNext()) {
            if (oldest.next().line.isEmpty()) {
                oldest.remove();
                return;
            }
        }
    }

    @Override
    public Optional<T> first() {
        return waiting.isEmpty() ? Optional.empty() : waiting.first().line.first();
    }

    @Override
    public Optional<Place<T>> take(int most, Predicate<? super T> canGo) {
        for (Branch<T> branch : waiting) {
            Optional<Place<T>> place = branch.line.take(most, canGo);
            if (place.isPresent()) {
                advance(branch, place.get().cost());
                return place;
            }
        }
        return Optional.empty();
    }

    /**
     * Virtual time advances by the item's share of all branches' work, so that new branches do not starve old ones.
     */
    private void advance(Branch<T> branch, long cost) {
        waiting.remove(branch);
        branch.end = branch.start + cost;
        now = Math.max(now, branch.start) + cost / (branches.size() + 1);
        if (!branch.line.isEmpty()) {
            branch.start = branch.end;
            branch.arrival = arrivals++;
            waiting.add(branch);
        }
        branches.values().removeIf(each -> each.line.isEmpty() && each.end <= now);
    }

    @Override
    public boolean remove(T item) {
        for (Branch<T> branch : waiting) {
            if (branch.line.remove(item)) {
                if (branch.line.isEmpty()) {
                    waiting.remove(branch);
                }
                return true;
            }
        }
        return false;
    }

    @Override
    public void moveTo(List<T> items) {
        waiting.forEach(branch -> branch.line.moveTo(items));
        waiting.clear();
    }

    @Override
    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Number of remembered branches of this level. */
    int remembered() {
        return branches.size();
    }
}
