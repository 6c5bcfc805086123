#!/usr/bin/perl
# Register a name over EPP with Debian's Net::EPP (package libnet-epp-perl).
# usage: register.pl DEMO-FOLDER PORT CODE-FILE NAME REGISTRANT SERVER...
use strict;
use warnings;
use JSON::PP;
use Net::EPP::Simple;

my ($demo, $port, $code_file, $name, $registrant, @servers) = @ARGV;
my ($account) = grep { $_->{id} eq 'registrar-a' } @{ read_json("$demo/accounts.json")->{registrars} };
my $code = read_json($code_file)->{encoded_signed_code};

my $epp = Net::EPP::Simple->new(
    host => 'localhost', port => $port, user => $account->{id}, pass => $account->{password},
    cert => $account->{cert}, key => $account->{key}, verify => 1, ca_file => "$demo/ca.pem",
) or die "login: $Net::EPP::Simple::Message\n";

print "check: ", ($epp->check_domain($name) ? 'available' : 'taken'), "\n";
say_code("contact", contact($registrant));
say_code("host $_", host($_)) for @servers;
say_code("create", domain($name, $registrant, $code, @servers));
print "check: ", ($epp->check_domain($name) ? 'available' : 'taken'), "\n";
$epp->logout;

sub say_code {
    my ($what, $frame) = @_;
    my $answer = $epp->request($frame)->toString;
    my ($result) = $answer =~ /result code="(\d+)"/;
    print "$what: $result\n";
}

sub command {
    my $body = shift;
    return qq{<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command>$body<clTRID>guide</clTRID></command></epp>};
}

sub contact {
    my $id = shift;
    my $ns = 'urn:ietf:params:xml:ns:contact-1.0';
    return command(qq{<create><c:create xmlns:c="$ns"><c:id>$id</c:id><c:postalInfo type="int"><c:name>Name Office</c:name>
        <c:addr><c:street>1 Road</c:street><c:city>Shenzhen</c:city><c:pc>518055</c:pc><c:cc>CN</c:cc></c:addr></c:postalInfo>
        <c:email>dns\@example.net</c:email><c:authInfo><c:pw/></c:authInfo></c:create></create>});
}

sub host {
    my $host = shift;
    my $ns = 'urn:ietf:params:xml:ns:host-1.0';
    return command(qq{<create><h:create xmlns:h="$ns"><h:name>$host</h:name></h:create></create>});
}

sub domain {
    my ($domain, $holder, $proof, @delegated) = @_;
    my $ns = join '', map { "<d:hostObj>$_</d:hostObj>" } @delegated;
    my $uri = 'urn:ietf:params:xml:ns';
    return command(qq{<create><d:create xmlns:d="$uri:domain-1.0"><d:name>$domain</d:name><d:period unit="y">1</d:period>
        <d:ns>$ns</d:ns><d:registrant>$holder</d:registrant><d:authInfo><d:pw/></d:authInfo></d:create></create>
        <extension><v:encodedSignedCode xmlns:v="$uri:verificationCode-1.0"><v:code>$proof</v:code></v:encodedSignedCode></extension>});
}

sub read_json {
    my $path = shift;
    open my $file, '<', $path or die "$path: $!\n";
    local $/;
    return decode_json(<$file>);
}
