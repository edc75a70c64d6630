#!/usr/bin/perl
# Builds kernels with planted bugs and says which of 'kernel identify', 'kernel diff' (with the kernel without the bug)
# and 'kernel check' see them, none of which is given a policy: a row of a table each.
#
#   blind.pl [--budget TIME] [--random N] [--shrink N] [--smp 2] FOLDER [SERIES/NAME]...
#
# Without names, all that lie beside this script: SERIES/NAME.patch, whose first line says what it plants. FOLDER gets
# what each command printed, as SERIES/NAME-COMMAND.json; what lies there is not asked again. Kernels are built where
# 'kernel build' builds them. What 'kernel check' finds in the kernel without the bug, of the same kind and by the same
# script, is not the mutant's. With --smp 2 it has guests of two CPUs, where a missing TLB flush shows; take another
# FOLDER for that.
#
# Exit status: 0 each was seen by one of them; 1 some were not; 2 usage; 3 one could not be built or asked.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use JSON::PP qw(decode_json);

my $here = dirname(abs_path($0));
my $top = abs_path("$here/../../..");
my ($budget, $random, $shrink, $smp) = ('60s', 200, 6, 1);
while (@ARGV && $ARGV[0] =~ /^-/) {
    my $option = shift;
    if ($option eq '--budget') { $budget = shift }
    elsif ($option eq '--random') { $random = shift }
    elsif ($option eq '--shrink') { $shrink = shift }
    elsif ($option eq '--smp') { $smp = shift }
    else { print STDERR "blind.pl [--budget TIME] [--random N] [--shrink N] [--smp 2] FOLDER [SERIES/NAME]...\n"; exit 2 }
}
my $folder = shift or do { print STDERR "no folder given\n"; exit 2 };
my @names = @ARGV ? @ARGV : map { s/^\Q$here\E\///r =~ s/\.patch$//r } glob("$here/*/*.patch");

sub slurp { open(my $in, '<', $_[0]) or return ''; local $/; return scalar <$in> }

# Asks unless it was asked; 0, 1 and 4 are answers.
sub ask {
    my ($file, @command) = @_;
    if (!-s $file) {
        system("'$top/run-bench.sh' kernel @command --format json > '$file.new' 2> '$file.err'");
        my $status = $? >> 8;
        return undef if $status != 0 && $status != 1 && $status != 4 || !-s "$file.new";
        rename("$file.new", $file);
    }
    return decode_json(slurp($file));
}

# What a check found that that of the kernel without the bug did not, the first first.
sub added {
    my ($check, $stock) = @_;
    my %known = map { $_->{what} . script($_->{script}) => 1 } @{$stock->{findings}};
    return sort { $a->{after} <=> $b->{after} }
        grep { !$known{$_->{what} . script($_->{script})} } @{$check->{findings}};
}

sub script {
    my @steps = grep { !/^#/ } split(/\n/, $_[0]);
    s/\s*#.*// for @steps;
    return '`' . join('; ', @steps) . '`';
}

my $status = 0;
sub lacking { print "| $_[0] | $_[1] |\n"; $status = 3 }
for my $name (@names) {
    my ($series) = $name =~ /^([^\/]+)\//;
    my $patch = "$here/$name.patch";
    -f $patch or do { print STDERR "no such mutant: $name\n"; exit 2 };
    my ($plants) = split(/\n/, slurp($patch));
    $plants =~ s/\.$//;
    make_path("$folder/$series");
    my $suite = $series eq '5.10' ? '@bullseye' : $series eq '6.1' ? '@bookworm' : '';
    my $log = "$folder/$name.build";
    my ($base, $head) = grep { m{/} } split(/\n/,
        `'$top/run-bench.sh' kernel build --series $series$suite --patch '$patch' --pair 2> '$log'`);
    $head && $base or do { lacking($name, 'not built: ' . ((split(/\n/, slurp($log)))[-1] // 'nothing was said')); next };
    my $identify = ask("$folder/$name-identify.json", 'identify', "--image $head");
    my $diff = ask("$folder/$name-diff.json", 'diff', $base, $head, "--random $random", "--shrink $shrink");
    my $check = ask("$folder/$name-check.json", 'check', "--image $head", "--budget $budget", "--smp $smp", "--shrink $shrink");
    my $stock = ask("$folder/$series/base-check.json", 'check', "--image $base", "--budget $budget", "--smp $smp", "--shrink $shrink");
    $identify && $diff && $check && $stock or do { lacking($name, 'not asked: see ' . "$folder/$name-*.err"); next };

    my @fits = @{$identify->{fits}};
    my $nearest = $identify->{candidates}[0];
    my $stranger = !@fits || !grep { $_ eq $identify->{era} } @fits;
    my $of = @fits ? join(', ', @fits) : sprintf('near %s: %d of %d scripts differ', $nearest->{policies}[0],
        scalar(@{$nearest->{differing}}), $identify->{scripts});
    my @kinds = sort { $a->{after} <=> $b->{after} } @{$diff->{differences}};
    my @added = added($check, $stock);
    my ($shown) = map({ script($_->{script}) . ($_->{cut} ? ', cut short' : '') } @added, @kinds);
    $shown //= '';
    $status = 1 if !$stranger && !@kinds && !@added && !$check->{ended} && !$status;
    printf("| %s | %s | %s | %s | %s | %s |\n", $name, $plants, $stranger ? "**$of**" : $of,
        @kinds ? sprintf('after %d, %d kinds: %s', $kinds[0]{after}, scalar(@kinds), $diff->{differences}[0]{harm}) : '-',
        @added ? sprintf('after %d: %s', $added[0]{after}, $added[0]{what})
            : $check->{ended} ? "ended: $check->{ended}" : "- ($check->{scripts})",
        $shown);
}
exit $status;
