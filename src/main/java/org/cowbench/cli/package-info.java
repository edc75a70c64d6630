/** The commands of cowbench. */
package org.cowbench.cli;
