package org.llavacluster.node.config;

import java.nio.file.Path;

/**
 * Properties that {@code ./llava} and the build set themselves. They are listed so that processes do not refuse them.
 */
public final class LauncherProperties {

    static final PropertyGroup GROUP = new PropertyGroup("Set by `./llava` and by the build");

    public static final Property<Path> HOME = GROUP.path("llava.home", "the folder of the installation")
            .meaning("Where `./llava` finds the programs of the services.");

    public static final Property<Path> ARCHIVES = GROUP.path("llava.archives", "a folder")
            .meaning("Where the class archives are from which the processes start.");

    public static final Property<Path> CLASS_LISTS = GROUP.path("llava.class-lists", "a folder")
            .meaning("Where the processes record which classes they load, while archives are made.");

    public static final Property<Path> FIXTURES =
            GROUP.path("llava.fixtures", "a folder").meaning("Test models; only tests read it.");

    public static final Property<Path> ROOT =
            GROUP.path("llava.root", "a folder").meaning("The project's folder; only tests read it.");

    public static final Property<String> TESTS_SEED = GROUP.text("llava.tests.seed")
            .meaning("Order of the tests and seed of what they draw; only tests read it.");

    public static final Property<String> STRESS_DISTURBANCE =
            GROUP.text("llava.stress.disturbance").meaning("Disturbance of stress runs; only tests read it.");

    public static final Property<String> STRESS_ONLY_CONCURRENT =
            GROUP.text("llava.stress.only-concurrent").meaning("Which tests stress runs repeat; only tests read it.");

    public static final Property<String> CONTRACT_ACCEPT = GROUP.text("llava.contract.accept")
            .meaning("Writes the list of the released contract; only tests read it.");

    private LauncherProperties() {}
}
