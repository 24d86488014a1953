package org.llavacluster.modelio.jinja;

/** The variable {@code self}: the blocks of the template as functions. */
record BlocksValue(Rendering rendering, Rendering.Names names) {

    /** Null if there is no such block. */
    Object block(String name) {
        Code.Function block = rendering.block(name);
        return block == null
                ? null
                : new Builtin(
                        "BlockReference", new Parameters(name, ""), (_, _) -> Code.textOf(block, rendering, names));
    }
}
