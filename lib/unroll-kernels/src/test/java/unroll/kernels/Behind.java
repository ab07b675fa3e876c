package unroll.kernels;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * Started with a kernel's jars on the class path: runs a class with jars that are added later, as {@code %classpath}
 * and Spark's {@code --jars} add them. The loader of those asks the one of the class path first.
 */
final class Behind {
    private Behind() {
    }

    /** {@code arguments}: the later class path, the class, and its arguments. */
    public static void main(String[] arguments) throws Exception {
        String[] parts = arguments[0].split(File.pathSeparator);
        URL[] later = new URL[parts.length];
        for (int i = 0; i < parts.length; i++) later[i] = Path.of(parts[i]).toUri().toURL();
        try (URLClassLoader loader = new URLClassLoader(later)) {
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass(arguments[1]).getMethod("main", String[].class).invoke(null,
                    (Object) java.util.Arrays.copyOfRange(arguments, 2, arguments.length));
        }
    }
}
