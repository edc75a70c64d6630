/** What README says against what cowbench has measured, or prints. */
package org.cowbench.readme;
