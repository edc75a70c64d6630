/** The reuse policies: who may reuse an anonymous page on a write fault. */
package org.cowbench.policy;
