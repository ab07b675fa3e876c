package unroll.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The kit behind a kernel's own jars: of a class that both have it is the kernel's that loads, because class loaders
 * ask their parents first.
 */
final class ClassPath {
    private static final int CLASS = 7, FIELD = 9, METHOD = 10, INTERFACE_METHOD = 11;

    /** A class file, and the jar that it is from. */
    private record Found(String jar, byte[] bytes) {
    }

    /** What a class has itself (methods with their descriptors), with the access flags, and what it inherits from. */
    private record Outline(int access, List<String> parents, Map<String, Integer> members) {
    }

    private enum Member {
        THERE, ABSENT, HIDDEN, UNKNOWN
    }

    private final Map<String, Found> kernel, kit;
    private final Map<String, Outline> outlines = new HashMap<>();

    ClassPath(List<Path> kernelJars, List<Path> kitJars) throws IOException {
        kernel = classes(kernelJars);
        kit = classes(kitJars);
    }

    static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** The classes that both have, by the jar of the kit that has them. */
    Map<String, Set<String>> shared() {
        Map<String, Set<String>> shared = new HashMap<>();
        kit.forEach((name, found) -> {
            if (kernel.containsKey(name)) shared.computeIfAbsent(found.jar, jar -> new TreeSet<>()).add(name);
        });
        return shared;
    }

    /**
     * What would end in a NoSuchMethodError and its like: every "class: member" where a class of the kit refers to a
     * member that a shared class has in the kit and does not have in the kernel's version, or has it and cannot be seen
     * from another class loader. Looks at all classes that those of the given jars lead to, one naming the next: a
     * class of the kit that nothing names is not run either.
     */
    Set<String> missing(String... jars) {
        Set<String> missing = new TreeSet<>(), seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        kit.forEach((name, found) -> {
            if (Arrays.stream(jars).anyMatch(found.jar::startsWith)) open.add(name);
        });
        while (!open.isEmpty()) {
            String name = open.remove();
            if (seen.add(name) && kit.containsKey(name) && !kernel.containsKey(name)) open.addAll(look(name, missing));
        }
        return missing;
    }

    /** Adds what a class misses, and gives the classes that it names. */
    private List<String> look(String from, Set<String> missing) {
        ClassReader file = new ClassReader(kit.get(from).bytes);
        char[] buffer = new char[file.getMaxStringLength()];
        List<String> named = new ArrayList<>();
        for (int item = 1; item < file.getItemCount(); item++) {
            int at = file.getItem(item);
            int tag = at == 0 ? 0 : file.readByte(at - 1);                 // the item after a long is none
            if (tag == CLASS) named.add(file.readUTF8(at, buffer).replaceFirst("^\\[+L(.*);$", "$1"));
            if (tag != FIELD && tag != METHOD && tag != INTERFACE_METHOD) continue;
            int nameAndType = file.getItem(file.readUnsignedShort(at + 2));
            String owner = file.readClass(at, buffer);
            String member = file.readUTF8(nameAndType, buffer)
                    + (tag == FIELD ? "" : file.readUTF8(nameAndType + 2, buffer));
            Set<String> looked = new HashSet<>();
            Member found = find(owner, member, looked);
            if ((found == Member.ABSENT || found == Member.HIDDEN) && looked.stream().anyMatch(kernel::containsKey))
                missing.add(from + ": " + owner + "." + member + (found == Member.HIDDEN ? " (not visible)" : ""));
        }
        return named;
    }

    private Member find(String owner, String member, Set<String> looked) {
        Outline outline = outlines.computeIfAbsent(owner, this::outline);
        // an array, or of a library that the kit leaves out
        if (outline == null) return Member.UNKNOWN;
        looked.add(owner);
        Integer access = outline.members.get(member);
        if (access != null) {
            // Two loaders' classes are never of one package, whatever their names say.
            boolean visible = !kernel.containsKey(owner)
                    || (access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0;
            return visible ? Member.THERE : Member.HIDDEN;
        }
        Member found = Member.ABSENT;
        for (String parent : outline.parents) {
            Member above = find(parent, member, looked);
            if (above == Member.THERE || above == Member.HIDDEN) return above;
            if (above == Member.UNKNOWN) found = above;
        }
        return found;
    }

    private Outline outline(String name) {
        byte[] bytes = kernel.containsKey(name)
                ? kernel.get(name).bytes
                : kit.containsKey(name) ? kit.get(name).bytes : ofTheJdk(name);
        if (bytes == null) return null;
        ClassReader file = new ClassReader(bytes);
        Map<String, Integer> members = new HashMap<>();
        file.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override public FieldVisitor visitField(int access, String field, String descriptor, String signature,
                    Object value) {
                members.put(field, access);
                return null;
            }

            @Override public MethodVisitor visitMethod(int access, String method, String descriptor, String signature,
                    String[] exceptions) {
                members.put(method + descriptor, access);
                return null;
            }
        }, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        List<String> parents = new ArrayList<>(List.of(file.getInterfaces()));
        if (file.getSuperName() != null) parents.add(0, file.getSuperName());
        return new Outline(file.getAccess(), parents, members);
    }

    private static byte[] ofTheJdk(String name) {
        try (InputStream in = ClassLoader.getPlatformClassLoader().getResourceAsStream(name + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Found> classes(List<Path> jars) throws IOException {
        Map<String, Found> classes = new HashMap<>();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile(), false)) {
                for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                    String name = entry.getName();
                    if (!name.endsWith(".class") || name.startsWith("META-INF/") || name.endsWith("module-info.class"))
                        continue;
                    try (InputStream in = file.getInputStream(entry)) {
                        classes.putIfAbsent(name.substring(0, name.length() - ".class".length()),
                                new Found(jar.getFileName().toString(), in.readAllBytes()));
                    }
                }
            }
        }
        return classes;
    }
}
