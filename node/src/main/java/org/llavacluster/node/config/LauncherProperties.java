package org.llavacluster.node.config;

import java.nio.file.Path;

/** What {@code ./llava} and the build set for themselves: known to the processes, so that these do not refuse them. */
public final class LauncherProperties {

    static final PropertyGroup GROUP = new PropertyGroup("Set by `./llava` and by the build");

    public static final Property<Path> HOME = GROUP.path("llava.home", "the folder of the installation")
            .meaning("Where `./llava` finds the programs of the services.");

    public static final Property<Path> ARCHIVES = GROUP.path("llava.archives", "a folder")
            .meaning("Where the class archives are from which the processes start.");

    public static final Property<Path> CLASS_LISTS = GROUP.path("llava.class-lists", "a folder")
            .meaning("Where the processes record which classes they load, while archives are made.");

    public static final Property<Path> FIXTURES =
            GROUP.path("llava.fixtures", "a folder").meaning("Test models; tests alone read it.");

    public static final Property<Path> ROOT =
            GROUP.path("llava.root", "a folder").meaning("The project's folder; tests alone read it.");

    private LauncherProperties() {}
}
