package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cowbench.litmus.SwapDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelImageTest {
    private static final String MODULES = "./lib/modules/6.1.0-1/kernel/drivers/";

    @TempDir
    private Path folder;

    private static void refuses(ThrowingCallable action, KernelException.Kind kind, String... words) {
        assertThatThrownBy(action).asInstanceOf(type(KernelException.class)).satisfies(e -> {
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.getMessage()).doesNotContain("\n").contains(words);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {".xz", ".zst", ".gz", ""})
    void readsAPackageAndOrdersModulesByTheirDependencies(String compression) throws IOException {
        Path deb = Packages.deb(
                folder.resolve("linux-image-6.1.0-1.deb"),
                compression,
                "Package: linux-image-6.1.0-1\n",
                Packages.files(
                        "./boot/vmlinuz-6.1.0-1",
                        Packages.bzImage("6.1.0-1-cloud-amd64"),
                        "./usr/share/doc/readme",
                        "nothing",
                        MODULES + "virtio/virtio_pci.ko" + compression,
                        Packages.compress(compression, Packages.module("virtio_ring", "virtio")),
                        MODULES + "virtio/virtio-ring.ko" + compression,
                        Packages.compress(compression, Packages.module("virtio")),
                        MODULES + "virtio/virtio.ko" + compression,
                        Packages.compress(compression, Packages.module()),
                        MODULES + "block/virtio_blk.ko" + compression,
                        Packages.compress(compression, Packages.module("virtio-ring", "virtio"))));
        KernelImage kernel = KernelImage.ofDeb(deb);
        assertThat(kernel.release()).isEqualTo("6.1.0-1-cloud-amd64");
        assertThat(kernel.series()).isEqualTo("6.1");
        assertThat(kernel.build()).as("without who built it where").isEqualTo("#1 SMP");
        assertThat(kernel.disk()).isEqualTo("virtio");
        assertThat(kernel.disks()).containsExactly(Disk.VIRTIO);
        assertThat(kernel.modulesFor(kernel.disks(), SwapDevice.DISK).keySet())
                .containsExactly("virtio", "virtio_ring", "virtio_pci", "virtio_blk");
        assertThat(kernel.modulesFor(kernel.disks(), SwapDevice.DISK).get("virtio_blk"))
                .isEqualTo(Packages.module("virtio-ring", "virtio"));
    }

    @Test
    void completesASplitPackageFromItsFolder() throws IOException {
        String release = "7.3.4+deb13-cloud-amd64";
        Path image = Packages.deb(
                folder.resolve("linux-image-" + release + "_7.3.4-1_amd64.deb"),
                ".xz",
                "Package: x\nDepends: kmod, linux-binary-" + release + " (= 7.3.4-1), linux-modules-" + release
                        + " (= 7.3.4-1)\n",
                Packages.files("./usr/share/doc/changelog", "text"));
        refuses(
                () -> KernelImage.ofDeb(image),
                KernelException.Kind.USAGE,
                "linux-binary-" + release,
                "fetch-kernels.sh");
        Packages.deb(
                folder.resolve("linux-binary-" + release + "_7.3.4-1_amd64.deb"),
                ".xz",
                "Package: y\n",
                Packages.files("./usr/lib/modules/" + release + "/vmlinuz", Packages.bzImage(release)));
        // Old backports lose their modules on the mirror; what is built in may do.
        assertThat(KernelImage.ofDeb(image).disks()).containsExactly(Disk.VIRTIO, Disk.NVME, Disk.IDE);
        Packages.deb(
                folder.resolve("linux-modules-" + release + "_7.3.4-1_amd64.deb"),
                ".xz",
                "Package: z\n",
                Packages.files(
                        "./usr/lib/modules/" + release + "/modules.builtin",
                        "kernel/drivers/virtio/virtio_pci.ko\nkernel/drivers/virtio/virtio.ko\n",
                        "./usr/lib/modules/" + release + "/kernel/drivers/block/virtio_blk.ko",
                        Packages.module("virtio")));
        KernelImage kernel = KernelImage.ofDeb(image);
        assertThat(kernel.release()).isEqualTo(release);
        assertThat(kernel.disks()).containsExactly(Disk.VIRTIO);
        assertThat(kernel.modulesFor(kernel.disks(), SwapDevice.DISK).keySet()).containsExactly("virtio_blk");
    }

    @Test
    void takesAnotherDiskWhereVirtioIsAbsentAndRefusesAKernelWithoutAny() throws IOException {
        Path bzImage = Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.0"));
        Path modules = Files.createDirectories(folder.resolve("lib/modules/5.10.0"));
        Path builtIn = modules.resolve("modules.builtin");
        Files.writeString(builtIn, "kernel/drivers/nvme/host/nvme-core.ko\nkernel/drivers/nvme/host/nvme.ko\n");
        assertThat(KernelImage.of(bzImage, modules).disks()).containsExactly(Disk.NVME);
        Files.writeString(builtIn, "kernel/drivers/char/something.ko\n");
        KernelImage diskless = KernelImage.of(bzImage, modules);
        refuses(diskless::disks, KernelException.Kind.LACKS, "no driver for a disk", "CONFIG_VIRTIO_BLK");
    }

    @Test
    void namesAModuleThatAnotherNeedsAndThatIsMissing() throws IOException {
        Path bzImage = Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.0"));
        Path drivers = Files.createDirectories(folder.resolve("modules/kernel/drivers/block"));
        Files.write(drivers.resolve("virtio_blk.ko"), Packages.module("virtio_ring"));
        Files.writeString(folder.resolve("modules/modules.builtin"), "kernel/drivers/virtio/virtio_pci.ko\n");
        KernelImage kernel = KernelImage.of(bzImage, folder.resolve("modules"));
        refuses(
                () -> kernel.modulesFor(kernel.disks(), SwapDevice.DISK),
                KernelException.Kind.USAGE,
                "virtio_blk needs module virtio_ring");
    }

    /** Up to v6.11 nothing but the name of the compressor says that zram needs its module. */
    @Test
    void zramComesWithWhatItNeedsWhereItIsAsked() throws IOException {
        Path modules = folder.resolve("modules/kernel");
        Path bzImage = Files.write(folder.resolve("bzImage"), Packages.bzImage("6.1.0"));
        Files.createDirectories(modules.resolve("drivers/block/zram"));
        Files.createDirectories(modules.resolve("mm"));
        Files.createDirectories(modules.resolve("crypto"));
        Files.write(modules.resolve("drivers/block/virtio_blk.ko"), Packages.module());
        Files.write(modules.resolve("drivers/block/zram/zram.ko"), Packages.module("zsmalloc"));
        Files.write(modules.resolve("mm/zsmalloc.ko"), Packages.module());
        Files.write(modules.resolve("crypto/lzo-rle.ko"), Packages.module());
        KernelImage kernel = KernelImage.of(bzImage, folder.resolve("modules"));
        assertThat(kernel.modulesFor(List.of(Disk.VIRTIO), SwapDevice.DISK)).containsOnlyKeys("virtio_blk");
        assertThat(kernel.modulesFor(List.of(Disk.VIRTIO), SwapDevice.ZRAM).keySet())
                .containsExactly("virtio_blk", "lzo_rle", "zsmalloc", "zram");
    }

    @Test
    void refusesModulesOfAnotherKernel() throws IOException {
        Path bzImage = Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.0"));
        Path block = Files.createDirectories(folder.resolve("modules/kernel/drivers/block"))
                .resolve("virtio_blk.ko");
        KernelImage kernel;
        for (String own : List.of("5.10.0", "6.1.0-1-amd64")) {
            Files.writeString(block, "\177ELF\0depends=\0vermagic=" + own + " SMP mod_unload \0");
            kernel = KernelImage.of(bzImage, folder.resolve("modules"));
            if (own.equals("5.10.0")) {
                assertThat(kernel.modulesFor(kernel.disks(), SwapDevice.DISK)).containsOnlyKeys("virtio_blk");
            } else {
                KernelImage image = kernel;
                refuses(
                        () -> image.modulesFor(image.disks(), SwapDevice.DISK),
                        KernelException.Kind.USAGE,
                        "module virtio_blk is of kernel 6.1.0-1-amd64, the image is 5.10.0",
                        "lib/modules/5.10.0");
            }
        }
        refuses(
                () -> KernelImage.of(bzImage, block.getParent()),
                KernelException.Kind.USAGE,
                "holds modules, but no driver of a disk below a folder 'kernel'",
                "lib/modules/RELEASE");
    }

    @Test
    void refusesAnImageThatIsCutOff() throws IOException {
        byte[] whole = Packages.bzImage("5.10.0");
        // The code behind the setup, in units of 16 bytes: as much as there is.
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(0x1f4, (whole.length - 5 * 512) / 16);
        assertThat(KernelImage.of(Files.write(folder.resolve("whole"), whole), null)
                        .release())
                .isEqualTo("5.10.0");
        Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length - 1));
        refuses(() -> KernelImage.of(cut, null), KernelException.Kind.USAGE, "cut off", "8191 bytes of the 8192");
    }

    @Test
    void refusesWhatIsNoKernel() throws IOException {
        refuses(() -> KernelImage.of(folder.resolve("absent"), null), KernelException.Kind.USAGE, "no such file");
        refuses(() -> KernelImage.of(folder, null), KernelException.Kind.USAGE, "is a folder");
        Path elf = Files.writeString(folder.resolve("vmlinux"), "\177ELF".repeat(5000));
        refuses(() -> KernelImage.of(elf, null), KernelException.Kind.USAGE, "not a kernel", "bzImage");
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        refuses(() -> KernelImage.of(empty, null), KernelException.Kind.USAGE, "not a kernel");
        byte[] old = Packages.bzImage("2.6.30");
        old[0x206] = 0x09;
        Path ancient = Files.write(folder.resolve("ancient"), old);
        refuses(() -> KernelImage.of(ancient, null), KernelException.Kind.USAGE, "too old");
        Path bzImage = Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.0"));
        refuses(
                () -> KernelImage.of(bzImage, folder.resolve("nowhere")),
                KernelException.Kind.USAGE,
                "--modules takes");
        Path bare = Files.createDirectory(folder.resolve("bare"));
        refuses(() -> KernelImage.of(bzImage, bare), KernelException.Kind.USAGE, "holds no kernel module");
    }

    @Test
    void refusesWhatIsNoPackage() throws IOException {
        refuses(() -> KernelImage.ofDeb(folder.resolve("absent.deb")), KernelException.Kind.USAGE, "no such file");
        Path text = Files.writeString(folder.resolve("text.deb"), "not an archive");
        refuses(() -> KernelImage.ofDeb(text), KernelException.Kind.USAGE, "not a Debian package");
        Path other = Packages.deb(
                folder.resolve("hello.deb"), ".gz", "Package: hello\n", Packages.files("./usr/bin/hello", "x"));
        refuses(() -> KernelImage.ofDeb(other), KernelException.Kind.USAGE, "holds no kernel");
        byte[] whole = Files.readAllBytes(Packages.deb(
                folder.resolve("whole.deb"),
                ".xz",
                "Package: linux-image-x\n",
                Packages.files("./boot/vmlinuz", Packages.bzImage("6.1.0"))));
        Path cut = Files.write(folder.resolve("cut.deb"), Arrays.copyOf(whole, whole.length - 100));
        refuses(() -> KernelImage.ofDeb(cut), KernelException.Kind.USAGE, "not a Debian package");
    }

    @Test
    void listsTheCacheOldestSeriesFirst() throws IOException {
        for (String series : List.of("6.12", "5.10", "6.1", "7.3")) {
            Path sub = Files.createDirectories(folder.resolve("cache").resolve(series));
            Files.writeString(sub.resolve("linux-binary-x.deb"), "");
            Files.writeString(sub.resolve("linux-image-x.deb"), "");
        }
        Files.createDirectories(folder.resolve("cache/.fetch.abc"));
        Map<String, Path> cached = KernelImage.cached(folder.resolve("cache"));
        assertThat(cached.keySet()).containsExactly("5.10", "6.1", "6.12", "7.3");
        assertThat(cached.values())
                .allMatch(path -> path.getFileName().toString().startsWith("linux-image-"));
        assertThat(KernelImage.cached(folder.resolve("absent"))).isEmpty();
    }

    @Test
    void findsTheCacheWhereTheScriptPutsIt() {
        assertThat(KernelImage.cacheFolder(Map.of("COWBENCH_KERNELS", "/a/b"))).isEqualTo(Path.of("/a/b"));
        assertThat(KernelImage.cacheFolder(Map.of("XDG_CACHE_HOME", "/c"))).isEqualTo(Path.of("/c/cowbench/kernels"));
        assertThat(KernelImage.cacheFolder(Map.of("HOME", "/home/x")))
                .isEqualTo(Path.of("/home/x/.cache/cowbench/kernels"));
        assertThat(new String(Packages.bzImage("x"), 0x1200, 1, StandardCharsets.US_ASCII))
                .isEqualTo("x");
    }

    /** A damaged kernel would stop before it has a console to say so. */
    @Test
    void anImageThatCannotBeUnpackedIsDamaged() throws IOException {
        for (String suffix : List.of(".gz", ".xz")) {
            byte[] kernel = new byte[100_000];
            new Random(1).nextBytes(kernel);
            byte[] packed = Packages.compress(suffix, kernel);
            byte[] payload = suffix.equals(".gz") ? packed : Arrays.copyOf(packed, packed.length + 4);
            ByteBuffer image = ByteBuffer.allocate(8192 + payload.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(Packages.bzImage("5.10.1"));
            image.put(8192, payload).putInt(0x248, 8192 - 5 * 512).putInt(0x24c, payload.length);
            Path file = Files.write(folder.resolve("image" + suffix), image.array());
            assertThat(KernelImage.of(file, null).release()).isEqualTo("5.10.1");
            image.put(8192 + payload.length / 2, new byte[64]);
            Files.write(file, image.array());
            assertThatThrownBy(() -> KernelImage.of(file, null))
                    .as(suffix)
                    .isInstanceOfSatisfying(KernelException.class, e -> {
                        assertThat(e.kind()).isEqualTo(KernelException.Kind.USAGE);
                        assertThat(e.getMessage())
                                .contains("is damaged: the kernel in it cannot be unpacked", "copy or build it again");
                    });
        }
    }
}
