/** What README and the guides say against what cowbench has measured, prints or is, and whether what they point to is there. */
package org.cowbench.readme;
