package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelEraTest {

    @ParameterizedTest
    @CsvSource({
        "5.4.0, v5.7",
        "5.7.19, v5.7",
        "5.8, v5.8",
        "5.9.1, v5.9",
        "5.10.0-32-cloud-amd64, v5.9",
        "5.17.3, v5.9",
        "5.18.0, v5.18",
        "5.19, v5.19",
        "6.1.0-50-cloud-amd64, v5.19",
        "6.10.2, v5.19",
        "6.11, v6.11",
        "6.12.117+deb13-cloud-amd64, v6.11",
        "6.14.9, v6.11",
        "6.15.0-rc1, v6.15",
        "6.19.14+deb13-cloud-amd64, v6.15",
        "7.0.13, v7.0",
        "7.2.13+deb14-cloud-amd64, v7.0",
        "7.3.4, v7.3",
        "7.10.0, v7.3",
        "8.0, v7.3"
    })
    void everyReleaseHasAPolicy(String release, String policy) {
        assertThat(KernelEra.policyOf(release).id()).isEqualTo(policy);
    }
}
