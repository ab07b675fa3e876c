package unroll.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReferenceTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.doctree.ValueTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;

/**
 * The Javadoc of a type as a page: what it computes, and its public members, inherited ones too. The library's jars
 * hold their sources below {@code META-INF/sources}; the compiler of the JDK that runs the kernel reads them.
 */
record Help(String html) {
    static Help of(Class<?> type) {
        Source source = Source.of(type);
        if (source == null)
            return new Help("<p>There is no documentation of <code>" + Rendering.escape(type.getTypeName())
                    + "</code> here: the types of the library bring theirs.</p>");
        Map<String, String> members = new LinkedHashMap<>();
        for (Class<?> each : withTypesAbove(type).toList()) {
            Source declared = Source.of(each);
            if (declared != null) declared.members(each == type, members);
        }
        String rows = members.entrySet().stream()
                .map(row -> "<tr><td><code>" + row.getKey() + "</code></td><td>" + row.getValue() + "</td></tr>\n")
                .collect(Collectors.joining());
        return new Help("<p><code>" + source.written(source.type) + "</code></p>\n<div>" + source.comment(source.path)
                + "</div>" + (rows.isEmpty() ? "" : "\n<table>\n" + rows + "</table>"));
    }

    private static Stream<Class<?>> withTypesAbove(Class<?> type) {
        Stream<Class<?>> above = Stream.concat(Stream.ofNullable(type.getSuperclass()),
                Stream.of(type.getInterfaces()));
        return Stream.concat(Stream.of(type), above.flatMap(Help::withTypesAbove));
    }

    /** The page without its tags, for a console. */
    @Override public String toString() {
        return html.replaceAll("</td><td>", "\n    ").replaceAll("</?(p|div|br|tr|pre|li)>", "\n")
                .replaceAll("<[^>]*>", "")
                .replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
                .replaceAll("\n\\s*\n", "\n").strip();
    }

    /** A type in its parsed source. */
    private record Source(String text, DocTrees trees, TreePath path, ClassTree type) {
        /** Null for a type without source, as those of the JDK, and for one that is declared within a method. */
        static Source of(Class<?> type) {
            String file = "/META-INF/sources/" + type.getNestHost().getName().replace('.', '/') + ".java";
            try (InputStream in = type.getResourceAsStream(file)) {
                if (in == null) return null;
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                var object = new SimpleJavaFileObject(URI.create("string:" + file), JavaFileObject.Kind.SOURCE) {
                    @Override public CharSequence getCharContent(boolean ignoreEncodingErrors) { return text; }
                };
                JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                        .getTask(Writer.nullWriter(), null, null, List.of("-proc:none"), null, List.of(object));
                TreePath path = new TreePath(task.parse().iterator().next());
                List<? extends Tree> within = path.getCompilationUnit().getTypeDecls();
                for (String name : type.getName().substring(type.getPackageName().length() + 1).split("\\$")) {
                    ClassTree found = within.stream().filter(ClassTree.class::isInstance).map(ClassTree.class::cast)
                            .filter(tree -> tree.getSimpleName().contentEquals(name)).findFirst().orElse(null);
                    if (found == null) return null;
                    path = new TreePath(path, found);
                    within = found.getMembers();
                }
                return new Source(text, DocTrees.instance(task), path, (ClassTree) path.getLeaf());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Adds the public members with their comments; an override without one is left to the type above. */
        void members(boolean constructorsToo, Map<String, String> members) {
            for (Tree tree : type.getMembers()) {
                String modifiers = tree instanceof MethodTree method
                        ? method.getModifiers().toString()
                        : tree instanceof VariableTree field ? field.getModifiers().toString() : "private";
                boolean visible = modifiers.contains("public")
                        || type.getKind() == Tree.Kind.INTERFACE && !modifiers.contains("private");
                boolean constructor = tree instanceof MethodTree method && method.getReturnType() == null;
                String comment = comment(new TreePath(path, tree));
                if (visible && (constructorsToo || !constructor)
                        && !(comment.isEmpty() && modifiers.contains("@Override")))
                    members.putIfAbsent(written(tree), comment);
            }
        }

        /** How a member or the type is declared, without its body. */
        String written(Tree tree) {
            var positions = trees.getSourcePositions();
            String whole = text.substring((int) positions.getStartPosition(path.getCompilationUnit(), tree),
                    (int) positions.getEndPosition(path.getCompilationUnit(), tree));
            return Rendering.escape(whole.replaceFirst("(?s)[{;=].*", "")
                    .replaceAll("@\\w+\\s+|\\b(public|final|abstract|default) ", "").replaceAll("\\s+", " ").strip());
        }

        String comment(TreePath of) {
            DocCommentTree comment = trees.getDocCommentTree(of);
            if (comment == null) return "";
            return html(comment.getFullBody()) + comment.getBlockTags().stream().map(tag -> "<br>" + html(tag))
                    .collect(Collectors.joining());
        }

        private static String html(List<? extends DocTree> trees) {
            return trees.stream().map(Source::html).collect(Collectors.joining());
        }

        private static String html(DocTree tree) {
            if (tree instanceof TextTree text) return Rendering.escape(text.getBody());
            if (tree instanceof LiteralTree literal) {
                String body = Rendering.escape(literal.getBody().getBody().stripIndent().strip());
                return tree.getKind() == DocTree.Kind.CODE ? "<code>" + body + "</code>" : body;
            }
            if (tree instanceof LinkTree link)
                return html(link.getLabel().isEmpty() ? List.of(link.getReference()) : link.getLabel());
            if (tree instanceof ValueTree value) return html(value.getReference());
            if (tree instanceof ReferenceTree to)                                // {@link #step} is called step
                return "<code>" + to.getSignature().replaceFirst("^#", "").replace('#', '.') + "</code>";
            if (tree instanceof ParamTree p) return "<code>" + p.getName() + "</code>: " + html(p.getDescription());
            if (tree instanceof ThrowsTree t)
                return "throws " + html(t.getExceptionName()) + " " + html(t.getDescription());
            if (tree instanceof ReturnTree given) return "gives " + html(given.getDescription());
            return tree.toString();                                              // tags and entities of HTML
        }
    }
}
