# Debian's Net::EPP, driven by a test: a job as JSON on standard input, one JSON line an answer on standard output.
# {"host","port","ca","cert","key","id","password","steps":[["ping"],["create_contact",{...}],["frame","<epp …>"]]}
use strict;
use warnings;
use utf8;
use JSON::PP;
use Net::EPP::Simple;

my $json = JSON::PP->new->utf8->canonical;
my $job = $json->decode(do { local $/; <STDIN> });
my $epp = Net::EPP::Simple->new(
    host => $job->{host}, port => $job->{port}, timeout => 20, verify => 1, ca_file => $job->{ca},
    cert => $job->{cert}, key => $job->{key}, user => $job->{id}, pass => $job->{password}, reconnect => 0,
) or die "login: $Net::EPP::Simple::Code $Net::EPP::Simple::Message\n";

for my $step (@{ $job->{steps} }) {
    my ($verb, @arguments) = @$step;
    my $result;
    if ($verb eq 'frame') {
        my $answer = $epp->request($arguments[0]);
        $result = $answer ? $answer->toString(0) : undef;
        $Net::EPP::Simple::Code = $result =~ /result code="(\d{4})"/ ? $1 : 0;
    } else {
        $result = $epp->$verb(@arguments);
    }
    $result = "$result" if ref $result && ref $result ne 'HASH' && ref $result ne 'ARRAY';
    $result = Encode::decode('UTF-8', $result) if defined $result && !ref $result && !utf8::is_utf8($result);
    print $json->encode({
        verb => $verb, result => $result,
        code => $Net::EPP::Simple::Code + 0, message => "$Net::EPP::Simple::Message",
    }), "\n";
}
$epp->logout;
