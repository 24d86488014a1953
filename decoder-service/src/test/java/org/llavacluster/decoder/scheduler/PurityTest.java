package org.llavacluster.decoder.scheduler;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Random;
import java.util.Timer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.llavacluster.model.decoder.RowRun;

class PurityTest {

    @Test
    void shouldKeepClockThreadsRandomAndNetworkOutOfTheCores() {
        JavaClasses cores = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.llavacluster.decoder.kv", "org.llavacluster.decoder.scheduler");
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java.lang",
                                "java.lang.runtime",
                                "java.lang.invoke",
                                "java.util",
                                "java.util.function",
                                "java.util.stream",
                                "org.llavacluster.decoder.kv",
                                "org.llavacluster.decoder.scheduler")
                        .or(assignableTo(RowRun.class)))
                .check(cores);
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Runtime.class, Random.class, Timer.class, UUID.class)
                .check(cores);
        // Of System only arraycopy always gives the same result.
        noClasses()
                .should()
                .callMethodWhere(target(owner(type(System.class))).and(not(target(name("arraycopy")))))
                .check(cores);
    }
}
