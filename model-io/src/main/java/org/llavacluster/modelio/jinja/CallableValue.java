package org.llavacluster.modelio.jinja;

/** A value that templates can call. */
interface CallableValue {

    Object call(Rendering rendering, Arguments arguments);

    String typeName();
}
