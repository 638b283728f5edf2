"""ministack as a process, and a stack that its CloudFormation makes from the template."""

import io
import json
import os
import subprocess
import sys
import time
import urllib.request
import zipfile
from contextlib import contextmanager
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import WaiterError
from progress import fail

NAME = "interview-cloud"
REGION = "eu-central-1"
# ministack takes an access key of 12 digits for the number of the account.
ACCOUNT = "123456789012"
CREDENTIALS = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "local", "region_name": REGION}


@contextmanager
def ministack(port, folder):
    """Runs ministack until the end of the block, and returns its URL. Its files are in `folder`."""
    url = f"http://127.0.0.1:{port}"
    # Functions inherit its environment, as they have Lambda's: nothing of a developer's goes there.
    environment = {
        "PATH": os.environ["PATH"], "TMPDIR": str(folder), "HOME": str(folder), "LAMBDA_EXECUTOR": "local",
        "GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "AWS_ENDPOINT_URL": url,
        "AWS_ENDPOINT_URL_LAMBDA": url, "MINISTACK_REGION": REGION, "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "STATE_DIR": str(folder), "S3_DATA_DIR": str(folder),
        # They would listen on fixed ports.
        "IOT_MTLS_ENABLED": "false", "SFTP_ENABLED": "false",
    }
    log = folder / "ministack.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "ministack"], env=environment, stdout=file, stderr=file, cwd=folder
        )
    try:
        wait_for(lambda: is_ready(process, url, log), "ministack is not ready", 60)
        yield url
    except BaseException:
        print(log.read_text(errors="replace")[-4000:], file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait(30)


def wait_for(condition, failure, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            fail(f"{failure} after {seconds} s")
        time.sleep(0.1)


def is_ready(process, url, log):
    if process.poll() is not None:
        fail("ministack ended")
    try:
        return urllib.request.urlopen(f"{url}/_ministack/health", timeout=5).status == 200
    except OSError:
        return False


class Stack:
    """The stack of the template, with the functions of a folder of binaries."""

    def __init__(self, url):
        self.url = url
        self.cloudformation = self.client("cloudformation")

    def client(self, service):
        config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
        return boto3.client(service, endpoint_url=self.url, config=config, **CREDENTIALS)

    def create_secret(self, user, password):
        """Creates a secret as RDS keeps it, and returns its ARN."""
        text = json.dumps({"username": user, "password": password})
        return self.client("secretsmanager").create_secret(Name="master", SecretString=text)["ARN"]

    def upload(self, bucket, binaries, folder):
        """Puts each binary into the bucket, as the `bootstrap` of a zip. `folder` is for temporary files."""
        self.bucket = bucket
        s3 = self.client("s3")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        for binary in binaries:
            path = folder / binary.name
            # Without symbols, a third of the size.
            subprocess.run(["strip", "-o", path, binary], check=True)
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
                file.write(path, "bootstrap")
            path.unlink()
            s3.put_object(Bucket=bucket, Key=f"{binary.name}.zip", Body=archive.getvalue())

    def deploy(self, template, parameters):
        """Creates or updates the stack, and returns the status in which it settles."""
        self.client("s3").put_object(Bucket=self.bucket, Key="template.json", Body=json.dumps(template))
        exists = self.status() is not None
        call = self.cloudformation.update_stack if exists else self.cloudformation.create_stack
        call(
            StackName=NAME,
            TemplateURL=f"{self.url}/{self.bucket}/template.json",
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        return self.settled("stack_update_complete" if exists else "stack_create_complete")

    def delete(self):
        self.cloudformation.delete_stack(StackName=NAME)
        return self.settled("stack_delete_complete")

    def continue_rollback(self):
        self.cloudformation.continue_update_rollback(StackName=NAME)
        return self.settled("stack_rollback_complete")

    def settled(self, waiter):
        try:
            self.cloudformation.get_waiter(waiter).wait(StackName=NAME, WaiterConfig={"Delay": 0.2, "MaxAttempts": 600})
        except WaiterError:
            pass
        return self.status()

    def describe(self):
        return self.cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]

    def status(self):
        """The status of the stack, or None if there is none."""
        try:
            return self.describe()["StackStatus"]
        except self.cloudformation.exceptions.ClientError:
            return None

    def host(self):
        """The host of the API, which ministack finds by the header."""
        outputs = {each["OutputKey"]: each["OutputValue"] for each in self.describe()["Outputs"]}
        return urlsplit(outputs["Url"]).netloc

    def messages(self, group, text):
        """The lines of a log group that contain this text."""
        name = self.cloudformation.describe_stack_resource(StackName=NAME, LogicalResourceId=group)
        name = name["StackResourceDetail"]["PhysicalResourceId"]
        events = self.client("logs").filter_log_events(logGroupName=name)["events"]
        return [event["message"] for event in events if text in event["message"]]

    def resources(self, kind):
        """The physical ids of a type's resources."""
        pages = self.cloudformation.get_paginator("list_stack_resources").paginate(StackName=NAME)
        each = (resource for page in pages for resource in page["StackResourceSummaries"])
        return [resource["PhysicalResourceId"] for resource in each if resource["ResourceType"] == kind]

    def live_versions(self):
        """The versions of the functions that their aliases `live` lead to."""
        client = self.client("lambda")
        names = self.resources("AWS::Lambda::Function")
        return {client.get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in names}

    def failures(self):
        """Why resources failed, newest first."""
        events = self.cloudformation.describe_stack_events(StackName=NAME)["StackEvents"]
        return [
            f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason', '')}"
            for each in events
            if each["ResourceStatus"].endswith("_FAILED") and each["LogicalResourceId"] != NAME
        ]
