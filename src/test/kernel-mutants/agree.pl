#!/usr/bin/perl
# Whether 'kernel check' of cached kernels and 'check' of their policies agree: a script that each finds is run on the
# other, kernel or model, and must show the same value at the same step. A row of a table a script.
#
#   agree.pl [--budget TIME] FOLDER [SERIES...]
#
# Without series: 5.10 6.1 6.12 7.2 7.3. The scope of 'check' is the largest of those of 'kernel check' that a
# distribution's kernel can do: two processes, one page, one pipe or pin, all states. FOLDER gets what each printed;
# what lies there is not asked again. What is no matter of the rule (crash, log, torn page) has no policy and no row.
#
# Exit status: 0 they agree; 1 they do not; 2 usage; 3 something could not be asked.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use JSON::PP qw(decode_json);

my $top = abs_path(dirname(abs_path($0)) . '/../../..');
my %policy = ('5.10' => 'v5.9', '6.1' => 'v5.19', '6.12' => 'v6.11', '7.2' => 'v7.0', '7.3' => 'v7.3');
my $moves = 'write,read,pageout,drain,discard,reclaim,fork,exit,splice,peek,pin,dma,unpin';
my $budget = '90s';
if (@ARGV && $ARGV[0] eq '--budget') { shift; $budget = shift }
my $folder = shift // '-';
if ($folder =~ /^-/) { print STDERR "agree.pl [--budget TIME] FOLDER [SERIES...]\n"; exit 2 }
my @series = @ARGV ? @ARGV : qw(5.10 6.1 6.12 7.2 7.3);
make_path($folder);

sub slurp { open(my $in, '<', $_[0]) or return ''; local $/; return scalar <$in> }

sub ask { # FILE, COMMAND: what it prints; 1 is an answer, for something is found
    my ($file, $command) = @_;
    return slurp($file) if -s $file;
    system("'$top/run-bench.sh' $command > '$file.new' 2> '$file.err'");
    if ($? >> 8 > 1 || !-s "$file.new") {
        print STDERR "agree.pl: '$command' failed: see $file.err\n";
        exit 3;
    }
    rename("$file.new", $file);
    return slurp($file);
}

my $status = 0;
sub row { # KERNEL, WHO, WHAT, SCRIPT, WHAT THE OTHER SEES AT STEP, DUE
    my ($kernel, $who, $what, $script, $steps, $at, $due) = @_;
    my $seen = $steps->[$at] // '-';
    my $agrees = $seen eq $due;
    $status = 1 unless $agrees;
    $script =~ s/\s*#.*//mg;
    $script =~ s/^pages \d+\n//;
    $script = join('; ', split(/\n/, $script));
    print "| $kernel | $who | $what | `$script` | " . ($agrees ? 'the same' : "**not: $seen, not $due**") . " |\n";
}

# What each step of some scripts showed, by script.
sub steps {
    my ($command, $name, @scripts) = @_;
    return {} unless @scripts;
    make_path("$folder/$name");
    for my $n (0 .. $#scripts) {
        open(my $out, '>', sprintf('%s/%s/%03d.litmus', $folder, $name, $n)) or die "$folder: $!\n";
        print $out $scripts[$n];
        close $out;
    }
    my %seen;
    for (split(/\n/, ask("$folder/$name.jsonl", "$command '$folder/$name'"))) {
        my $step = decode_json($_);
        next unless defined $step->{step};
        $seen{$step->{file} =~ s/.*\///r}[$step->{step}] = $step->{value} if defined $step->{value};
    }
    return \%seen;
}

for my $series (@series) {
    my $policy = $policy{$series} or do { print STDERR "agree.pl: no policy for $series\n"; exit 2 };
    my $model = decode_json(ask("$folder/$series-policy.json",
        "check --policy $policy --procs 2 --pages 1 --refs 1 --ops $moves --format json"));
    my @violations = grep { !grep { /^env/ } @{$_->{environment}} } @{$model->{policies}[0]{violations}};
    my $seen = steps("kernel litmus --cached $series", "$series-on-kernel", map { $_->{script} } @violations);
    for my $n (0 .. $#violations) {
        my $found = $violations[$n];
        my ($value) = $found->{did}[-1] =~ /(\d+), not/;
        my @lines = grep { !/^pages/ } split(/\n/, $found->{script});
        row($series, "check $policy", $found->{property}, $found->{script}, $seen->{sprintf('%03d.litmus', $n)},
            $#lines, $value // '?');
    }
    my $kernel = decode_json(ask("$folder/$series-kernel.json",
        "kernel check --cached $series --budget $budget --format json"));
    my @findings = grep { $_->{what} =~ /^(isolation|secrecy|pin-coherence)$/ } @{$kernel->{findings}};
    $seen = steps("litmus --policy $policy", "$series-on-model", map { $_->{script} } @findings);
    for my $n (0 .. $#findings) {
        my $found = $findings[$n];
        my ($trouble) = grep { $_->{what} eq $found->{what} } @{$found->{troubles}};
        my ($value) = $trouble->{text} =~ /shows (\d+)/;
        row($series, 'kernel check', $found->{what}, $found->{script}, $seen->{sprintf('%03d.litmus', $n)},
            $trouble->{step}, $value);
    }
    my %by = map { $_->{property} => 1 } @violations;
    my %of = map { $_->{what} => 1 } @findings;
    for my $what (sort keys %by) {
        next if $of{$what};
        print "| $series | kernel check | $what | | **not found in $budget, $kernel->{scripts} scripts** |\n";
        $status = 1;
    }
    print "| $series | both | nothing | | $kernel->{scripts} scripts on the kernel, all states of the model |\n"
        unless @violations || @findings;
}
exit $status;
