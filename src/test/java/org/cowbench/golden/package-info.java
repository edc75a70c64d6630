/**
 * Comparison of output with files under {@code src/test/resources/golden}. After an intended change of output, refresh
 * them with {@code mvn test -Dgolden.refresh=true} and read the difference before committing it.
 */
package org.cowbench.golden;
