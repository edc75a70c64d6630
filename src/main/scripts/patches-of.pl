#!/usr/bin/perl
# Takes the patches out of what people have: a diff, a mail or an mbox (base64, quoted-printable, MIME parts, CRLF).
#
#   patches-of.pl FILE|- NAME TREE FOLDER
#
# Writes FOLDER/1.patch, FOLDER/2.patch, ... in the order of the series, each a unified diff with a/ and b/ before names
# and nothing else in it, and beside it N.files, the files it names, and N.title. Cover letters, other mails without a
# diff, and replies among patches are left out, which standard error is told. NAME is the file's name in messages; TREE
# is the source it is for, asked only which of its files exist. Exit status: 0 done, 1 no patch in it, 2 unreadable.
use strict;
use warnings;
use Encode ();
use MIME::Base64 qw(decode_base64);
use MIME::QuotedPrint qw(decode_qp);

my ($file, $name, $tree, $folder) = @ARGV;

sub fail { print STDERR "build-kernel: $name: $_[0]\n"; exit($_[1] // 1) }
sub note { print STDERR "build-kernel: $name: $_[0]\n" }

my $in = \*STDIN;
$file eq '-' or open($in, '<', $file) or fail("cannot be read: $!", 2);
binmode $in;
my $text = do { local $/; <$in> } // '';
fail('is compressed; unpack it first') if $text =~ /\A(\x1f\x8b|\xfd7zXZ|BZh)/;
$text =~ s/\r+\n/\n/g;
$text =~ s/\A\xef\xbb\xbf//;

# Head of a mail (names in lower case, folded lines joined) and its body.
sub head {
    my ($head, $body) = split /^\n/m, $_[0], 2;
    $head =~ s/\n[ \t]+/ /g;
    my %head = map { /^([\w-]+):[ \t]*(.*)/ ? (lc $1, $2) : () } split /\n/, $head;
    return (\%head, $body // '');
}

# The text of a mail or of a part of one.
sub text_of {
    my ($head, $body) = @_;
    my $type = $head->{'content-type'} // 'text/plain';
    if ($type =~ m{^multipart/}i) {
        my ($boundary) = $type =~ /boundary=(?|"([^"]+)"|([^\s;]+))/i or fail('names no boundary between its parts');
        my (undef, @parts) = split /^--\Q$boundary\E(?:--)?[ \t]*(?:\n|\z)/m, $body;
        return join "\n", map { text_of(head(/\A\n/ ? "X: y\n$_" : $_)) } @parts;
    }
    return '' if $type =~ m{^text/html|^image/|^application/pgp}i;
    my $encoding = lc($head->{'content-transfer-encoding'} // '');
    $body = decode_base64($body) if $encoding =~ /^base64/;
    $body = decode_qp($body) if $encoding =~ /^quoted-printable/;
    $body =~ s/\r+\n/\n/g;
    return $body;
}

my @messages;
if ($text =~ /\AFrom \S+ /) {
    @messages = map { { text => $_ } } grep { /\S/ } split /^From \S+ +\w{3} \w{3} +\d+ [\d:]+ .*\n/m, $text;
    $_->{mail} = 1 for @messages;
} else {
    my $mail = $text =~ /\A\s*(?:[\w-]+:.*\n(?:[ \t]+.*\n)*)+\n/ && $text =~ /^(?:From|Subject|Message-ID):/im;
    $text =~ s/\A\s+// if $mail;
    @messages = { text => $text, mail => $mail };
}
for (@messages) {
    $_->{title} = $name;
    next unless $_->{mail};
    my ($head, $body) = head($_->{text});
    my $subject = $head->{subject} // 'a mail without a subject';
    $_->{title} = Encode::encode('UTF-8', Encode::decode('MIME-Header', $subject));
    $_->{text} = text_of($head, $body);
    $_->{reply} = $_->{title} =~ /^\s*(?:re|aw|fwd?)\s*:/i;
    @{$_}{'number', 'of'} = ($1 + 0, $2 + 0) if $_->{title} =~ m{\[[^\]]*?\b(\d+)/(\d+)\b[^\]]*\]};
}

# Name without the folder that diff was given: a/ and b/, or none, or a whole tree's.
sub strip {
    my ($path, $what) = @_;
    $path =~ s/\t.*//;
    $path =~ s/\s+$//;
    return undef if $path eq '/dev/null';
    my $whole = $path;
    unless ($path =~ s{^[a-z]/}{}) {
        $path =~ s{^[^/]+/}{} unless -e "$tree/$path";
    }
    fail("$what names '$whole', which is no file of a source tree")
        if $path eq '' || $path =~ m{^/|^"|(?:^|/)\.\.(?:/|$)|[\x00-\x1f]};
    return $path;
}

# The diffs in a text as [old name, new name, lines]; hunks are counted, so that prose never gets in.
sub diffs {
    my ($title, @lines) = ($_[0]->{title}, split /\n/, $_[0]->{text});
    my (@diffs, $git, $extended);
    my $close = sub {
        my ($from, $to) = @{$extended}{'from', 'to'};
        # A rename, an empty file or another mode, without hunks.
        if (defined $git && (defined $from || grep { /^(?:new|deleted) file/ } @{$extended->{lines}})) {
            my ($old, $new) = defined $from ? ($from, $to)
                : $git =~ /^(\S+) (\S+)$/ ? (strip($1, "'$title'"), strip($2, "'$title'"))
                : fail("'$title' has no names of files in 'diff --git $git'");
            push @diffs, [$old, $new, ["diff --git a/$old b/$new", @{$extended->{lines}}]];
        }
        ($git, $extended) = (undef, { lines => [] });
    };
    $extended = { lines => [] };
    for (my $i = 0; $i < @lines; $i++) {
        my $line = $lines[$i];
        if ($line =~ /^diff --git (.+)/) {
            $close->();
            $git = $1;
        } elsif (defined $git && $line =~ /^((?:rename|copy) (from|to) )(.+)/) {
            $extended->{$2} = strip("a/$3", $line);
            push @{$extended->{lines}}, $line;
        } elsif (defined $git && $line =~ /^(?:(?:old|new|deleted file|new file) mode|(?:\w+ )?index) /) {
            fail("'$title' changes a symbolic link; build-kernel.sh takes files only") if $line =~ / 120000/;
            push @{$extended->{lines}}, $line;
        } elsif ($line =~ /^GIT binary patch|^Binary files .* differ/) {
            fail("'$title' has a binary file in it, which no build here needs; leave it out");
        } elsif (($lines[$i + 1] // '') =~ /^@@ / && $line =~ /^\+\+\+ (.+)/) {
            my $new = strip($1, "'$title'");
            # Who types a diff into a mail leaves the first line out at times.
            my $old = $i > 0 && $lines[$i - 1] =~ /^--- (.+)/ ? strip($1, "'$title'") : $new;
            fail("'$title' has a diff between no files") unless defined $old || defined $new;
            my @head;
            @head = ('diff --git a/' . ($old // $new) . ' b/' . ($new // $old), @{$extended->{lines}}) if defined $git;
            push @head, '--- ' . (defined $old ? "a/$old" : '/dev/null');
            push @head, '+++ ' . (defined $new ? "b/$new" : '/dev/null');
            ($git, $extended) = (undef, { lines => [] });
            my $shown = $new // $old;
            my ($number, @body) = (0);
            while (($lines[$i + 1] // '') =~ /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/) {
                my ($minus, $plus) = ($1 // 1, $2 // 1);
                my $where = 'hunk ' . ++$number . " of $shown in '$title'";
                push @body, $lines[++$i];
                while ($minus > 0 || $plus > 0) {
                    fail("$where is cut off") if ++$i >= @lines;
                    my $kind = $lines[$i] eq '' ? ' ' : substr $lines[$i], 0, 1;
                    fail("$where is damaged, as by a mailer that wraps lines or eats blanks, at: $lines[$i]")
                        unless $kind =~ /[-+ \\]/;
                    $minus-- if $kind =~ /[- ]/;
                    $plus-- if $kind =~ /[+ ]/;
                    fail("$where has other numbers of lines than its header says") if $minus < 0 || $plus < 0;
                    push @body, $lines[$i] eq '' ? ' ' : $lines[$i];
                }
                my $next = $lines[$i + 1] // '';
                push @body, $lines[++$i] if $next =~ /^\\/;
                fail("$where has more lines than its header says") if $next =~ /^[-+]/ && $next !~ /^-- ?$|^--- /;
            }
            fail("$shown in '$title' has no hunk that can be read, at: $lines[$i + 1]") unless $number;
            push @diffs, [$old, $new, [@head, @body]];
        }
    }
    $close->();
    return @diffs;
}

my @patches;
for my $message (@messages) {
    my $cover = defined $message->{number} && $message->{number} == 0 && $message->{of} > 0;
    my @diffs = $cover ? () : diffs($message);
    if (@diffs) {
        $message->{diffs} = \@diffs;
        push @patches, $message;
    } elsif (@messages > 1) {
        note("leaves out '$message->{title}', " . ($cover ? 'a cover letter' : 'which has no diff in it'));
    }
}
if (grep { !$_->{reply} } @patches) {
    note("leaves out '$_->{title}', a reply") for grep { $_->{reply} } @patches;
    @patches = grep { !$_->{reply} } @patches;
}
fail('has no patch in it: a unified diff is wanted, by itself or in mails') unless @patches;
if (@patches > 1 && !grep { !defined $_->{number} } @patches) {
    my %at;
    push @{$at{$_->{number}}}, $_ for @patches;
    my ($twice) = grep { @{$at{$_}} > 1 } sort { $a <=> $b } keys %at;
    fail("has patch $twice/$patches[0]{of} twice ('$at{$twice}[0]{title}', '$at{$twice}[1]{title}'): give one series")
        if defined $twice;
    @patches = sort { $a->{number} <=> $b->{number} } @patches;
    my @missing = grep { !$at{$_} } 1 .. $patches[0]{of};
    note("lacks patch $_/$patches[0]{of}; the others are taken") for @missing;
}

my $n = 0;
for my $patch (@patches) {
    $n++;
    my %files = map { $_ => 1 } grep { defined } map { @{$_}[0, 1] } @{$patch->{diffs}};
    my %content = (
        patch => join('', map { join("\n", @{$_->[2]}) . "\n" } @{$patch->{diffs}}),
        files => join('', map { "$_\n" } sort keys %files),
        title => "$patch->{title}\n");
    for my $kind (keys %content) {
        open(my $out, '>', "$folder/$n.$kind") or fail("cannot write to $folder: $!", 2);
        binmode $out;
        print $out $content{$kind};
        close($out) or fail("cannot write to $folder: $!", 2);
    }
}
