package org.cowbench.kernel;

import java.util.List;
import java.util.Optional;

/** The swap disk of a guest, in the order of preference. */
enum Disk {
    /** virtio-blk on PCI. */
    VIRTIO(List.of("virtio_pci", "virtio_blk"), "virtio-blk-pci,drive=%s"),
    /** NVMe. */
    NVME(List.of("nvme_core", "nvme"), "nvme,drive=%s,serial=cowbench"),
    /** An IDE disk of the PC's own controller. */
    IDE(List.of("ata_piix", "sd_mod"), "ide-hd,drive=%s,bus=ide.0");

    private final List<String> drivers;
    private final String device;

    Disk(List<String> drivers, String device) {
        this.drivers = drivers;
        this.device = device;
    }

    /**
     * The drivers it needs.
     *
     * @return names as modules have them
     */
    List<String> drivers() {
        return drivers;
    }

    /**
     * The value of qemu's {@code -device}.
     *
     * @param drive id of the {@code -drive}
     * @return the value
     */
    String device(String drive) {
        return device.formatted(drive);
    }

    /**
     * Whether a kernel with these modules can drive it.
     *
     * @param modules the kernel's modules
     * @return true or false; empty when that cannot be told
     */
    Optional<Boolean> drivenBy(ModuleSet modules) {
        boolean unknown = false;
        for (String driver : drivers) {
            if (modules.has(driver)) {
                continue;
            }
            Optional<Boolean> builtIn = modules.isBuiltIn(driver);
            if (builtIn.isEmpty()) {
                unknown = true;
            } else if (!builtIn.get()) {
                return Optional.of(false);
            }
        }
        return unknown ? Optional.empty() : Optional.of(true);
    }
}
