/** Tables and plots. */
package org.cowbench.report;
