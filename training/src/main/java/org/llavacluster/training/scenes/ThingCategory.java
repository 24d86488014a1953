package org.llavacluster.training.scenes;

/** What a kind of thing is: COCO's supercategory. */
public enum ThingCategory {
    ANIMAL("animal"),
    PLANT("plant"),
    FOOD("food item"),
    VEHICLE("vehicle"),
    OBJECT("object"),
    NATURE("natural thing"),
    BUILDING("building"),
    SHAPE("shape");

    private final String word;

    ThingCategory(String word) {
        this.word = word;
    }

    /** The word for one of them; several have an s. */
    public String word() {
        return word;
    }
}
