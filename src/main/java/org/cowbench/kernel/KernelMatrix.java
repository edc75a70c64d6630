package org.cowbench.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.cowbench.litmus.Script;

/** Asks several kernels the same, some of them at the same time. */
public final class KernelMatrix {

    private KernelMatrix() {}

    /**
     * Asks two kernels that run at the same time.
     *
     * @param <T> of the answer
     * @param base the one
     * @param head the other
     * @param options how guests are run
     * @param environment the environment variables, for the compiler
     * @param question asks both
     * @return the answer
     * @throws KernelException if one cannot be asked
     */
    public static <T> T askBoth(
            KernelTarget base,
            KernelTarget head,
            GuestOptions options,
            Map<String, String> environment,
            BiFunction<KernelSession, KernelSession, T> question) {
        try (WorkFolder folder = new WorkFolder()) {
            Path probe = ProbeBinary.compile(folder.path(), environment);
            try (KernelSession one = base.open(options, probe);
                    KernelSession other = head.open(options, probe)) {
                return question.apply(one, other);
            }
        }
    }

    /**
     * Asks two running kernels the same at the same time: each is a machine of its own.
     *
     * @param <T> of the answers
     * @param base the one
     * @param head the other
     * @param question asks one of them
     * @return the base's answer, then the head's
     * @throws KernelException if one cannot be asked
     */
    public static <T> List<T> atOnce(KernelSession base, KernelSession head, Function<KernelSession, T> question) {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<T> one = pool.submit(() -> question.apply(base));
            Future<T> other = pool.submit(() -> question.apply(head));
            return List.of(one.get(), other.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KernelException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelException(KernelException.Kind.LACKS, "interrupted");
        }
    }

    /**
     * Runs scripts on two running kernels at the same time.
     *
     * @param base the one
     * @param head the other
     * @param scripts the scripts
     * @return what became of each script on the base, then on the head
     * @throws KernelException if one cannot be asked
     */
    public static List<List<ScriptRun>> atOnce(KernelSession base, KernelSession head, List<Script> scripts) {
        return atOnce(base, head, kernel -> {
            List<ScriptRun> runs = new ArrayList<>();
            kernel.run(scripts, runs::add);
            return runs;
        });
    }

    /**
     * Asks every kernel.
     *
     * @param <T> of the answers
     * @param kernels the kernels by label
     * @param options how guests are run
     * @param environment the environment variables, for the compiler
     * @param jobs guests that run at the same time
     * @param question asks one kernel, given its label
     * @param answer is told each answer, in the order of the kernels, as soon as it and those before it are there
     * @throws KernelException the first failure, after every kernel has been asked; later ones are its suppressed ones
     */
    public static <T> void ask(
            Map<String, ? extends KernelTarget> kernels,
            GuestOptions options,
            Map<String, String> environment,
            int jobs,
            BiFunction<String, KernelSession, T> question,
            BiConsumer<String, T> answer) {
        try (WorkFolder folder = new WorkFolder();
                ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
            Path probe = ProbeBinary.compile(folder.path(), environment);
            Map<String, Future<T>> futures = new LinkedHashMap<>();
            kernels.forEach((label, kernel) -> futures.put(label, pool.submit(() -> {
                try (KernelSession session = kernel.open(options, probe)) {
                    return question.apply(label, session);
                }
            })));
            KernelException failure = null;
            for (Map.Entry<String, Future<T>> each : futures.entrySet()) {
                try {
                    answer.accept(each.getKey(), each.getValue().get());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof KernelException problem)) {
                        pool.shutdownNow();
                        throw new IllegalStateException("kernel " + each.getKey() + ": " + e.getCause(), e.getCause());
                    }
                    if (failure == null) {
                        failure = problem;
                    } else if (failure != problem) {
                        failure.addSuppressed(problem);
                    }
                } catch (InterruptedException e) {
                    pool.shutdownNow();
                    Thread.currentThread().interrupt();
                    throw new KernelException(KernelException.Kind.LACKS, "interrupted");
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
