package org.llavacluster.stress;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The classes that a class refers to, read from its class file. */
final class ClassReferences {

    private ClassReferences() {}

    /** Maps the name of a class to the names it refers to; to none if the loader does not find the class. */
    static Function<String, Set<String>> of(ClassLoader loader) {
        Map<String, Set<String>> known = new HashMap<>();
        return name -> known.computeIfAbsent(name, missing -> read(loader, missing));
    }

    private static Set<String> read(ClassLoader loader, String name) {
        try (InputStream file = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
            return file == null ? Set.of() : referencesOf(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> referencesOf(byte[] classFile) {
        Set<String> names = new HashSet<>();
        for (PoolEntry entry : ClassFile.of().parse(classFile).constantPool()) {
            if (entry instanceof ClassEntry reference) {
                String name = reference.asInternalName();
                // Arrays count as their element type.
                names.add(name.replaceFirst("^\\[+L?", "").replace(";", "").replace('/', '.'));
            }
        }
        return names;
    }
}
