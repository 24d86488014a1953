package org.llavacluster.gateway.resume;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ResumePurityTest {

    @Test
    void shouldKeepClockThreadsAndNetworkOut() {
        JavaClasses policy = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.llavacluster.gateway.resume");
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang",
                        "java.lang.runtime",
                        "java.lang.invoke",
                        "java.time",
                        "java.util",
                        "java.util.function",
                        "java.util.stream",
                        "com.google.protobuf",
                        "org.llavacluster.gateway.resume",
                        "org.llavacluster.node.config",
                        "org.llavacluster.node.membership")
                .check(policy);
        noClasses()
                .should()
                .callMethodWhere(target(owner(assignableTo(System.class))))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, java.util.Random.class, java.util.Timer.class)
                .check(policy);
    }
}
